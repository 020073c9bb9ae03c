package io.rollcall.events;

import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.LocalDatabase.Urls;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import io.rollcall.embedded.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A database that outlives the services that are started on it, two organisations, and delegations of theirs that move. */
final class Replicated implements AutoCloseable {

    /** Three transitions and the making: four events a delegation, of the two in turn. */
    private static final String STEP = """
            UPDATE delegations SET status = '%s', event_actor = 'test'
             WHERE delegation_id = ANY (SELECT '%s-' || n FROM generate_series(%d, %d) n)
            """;

    private final EmbeddedServer server = new EmbeddedServer();
    private final List<ServiceProcess> services = new ArrayList<>();
    private final String name;
    private final Path directory;
    private final Urls urls;

    /** The two organisations, when a service has made them. */
    final List<String> organisations = new ArrayList<>();

    Replicated(String name) {
        this.name = name;
        directory = ServiceProcess.freshDirectory(name);
        urls = server.start(directory);
    }

    ServiceProcess start(String... variables) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "ROLLCALL_ADMIN_TOKEN", TestDatabase.TOKEN,
                "ROLLCALL_DATABASE_URL", urls.serving(),
                "ROLLCALL_DATABASE_OWNER_URL", urls.owner()));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        Path own = ServiceProcess.freshDirectory(name + "-" + services.size());
        ServiceProcess service = ServiceProcess.start(own, environment);
        services.add(service);
        service.awaitListening();
        if (organisations.isEmpty()) {
            organisations.add(workspace(service, "Acme", null));
            organisations.add(workspace(service, "Other", null));
            awaitNumbered();
        }
        return service;
    }

    /** One for each organisation, and two of the platform: a stream and a socket. */
    List<Consumer> consumers(ServiceProcess service) {
        return List.of(
                new Consumer(token(service.http(), organisations.get(0)), false),
                new Consumer(token(service.http(), organisations.get(1)), false),
                new Consumer(TestDatabase.TOKEN, false),
                new Consumer(TestDatabase.TOKEN, true));
    }

    Superuser superuser() {
        URI url = URI.create(urls.serving());
        try {
            return new Superuser(DriverManager.getConnection(
                    "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath(),
                    "postgres",
                    Files.readAllLines(directory.resolve("passwords")).get(0)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes those of the numbers, of the organisations in turn, and moves them from beginning to end. */
    void move(Superuser sql, String prefix, int first, int last) {
        sql.execute("""
                INSERT INTO delegations (org_id, delegation_id, root_delegation_id, caller_id, callee_id, task_preview,
                                         payload_sha256, event_actor)
                SELECT (ARRAY['%1$s', '%2$s']::uuid[])[n %% 2 + 1], '%3$s-' || n, '%3$s-' || n, gen_random_uuid(),
                       gen_random_uuid(), 'a task', sha256('a task'), 'test'
                  FROM generate_series(%4$d, %5$d) n
                """.formatted(organisations.get(0), organisations.get(1), prefix, first, last));
        for (String status : List.of("dispatched", "in_progress", "completed")) {
            sql.execute(STEP.formatted(status, prefix, first, last));
        }
    }

    /** Something of both organisations that comes after all else: with it, nothing that follows is missing. */
    void mark(ServiceProcess service) {
        organisations.forEach(organisation -> workspace(service, "Marker", organisation));
    }

    /** What a consumer of {@link #consumers} was to hear. */
    List<String> expected(int consumer) {
        String own = consumer >= 2 ? "" : " WHERE org_id = '" + organisations.get(consumer) + "'";
        try (Superuser sql = superuser()) {
            // But for the making of the two, before anybody listened.
            return sql
                    .texts("SELECT seq || ' ' || event || ' ' || COALESCE(delegation_id, '') FROM events" + own
                            + " ORDER BY seq")
                    .stream()
                    .skip(consumer >= 2 ? 2 : 1)
                    .toList();
        }
    }

    void awaitNumbered() {
        try (Superuser sql = superuser()) {
            Await.until("all is numbered", Consumer.LIMIT, () -> sql.number("SELECT count(*) FROM event_outbox") == 0);
        }
    }

    private static String workspace(ServiceProcess service, String name, String parent) {
        String below = parent == null ? "" : ",\"parent_id\":\"" + parent + "\"";
        return service.http()
                .send("POST", "/workspaces", "application/json", "{\"name\":\"" + name + "\"" + below + "}")
                .json()
                .path("id")
                .asText();
    }

    private static String token(Http admin, String organisation) {
        return admin.send(
                        "POST",
                        "/org/tokens",
                        "application/json",
                        "{\"org_id\":\"" + organisation + "\",\"name\":\"n\",\"scope\":\"read\"}")
                .json()
                .path("token")
                .asText();
    }

    @Override
    public void close() {
        services.forEach(ServiceProcess::close);
        server.stop();
    }
}
