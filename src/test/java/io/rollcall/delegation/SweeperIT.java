package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.LocalDatabase;
import io.rollcall.ServiceProcess;
import io.rollcall.TestDatabase;
import io.rollcall.embedded.EmbeddedServer;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two processes on one database sweep at the same time. */
@Tag("full")
class SweeperIT {

    private static final Pattern SETTLED =
            Pattern.compile("(?m)^rollcall_delegations_verdicts_total\\{outcome=\"deadline_exceeded\"\\} ([0-9.]+)$");

    private static final EmbeddedServer DATABASE = new EmbeddedServer();
    private static LocalDatabase.Urls urls;
    private static List<ServiceProcess> services;

    @BeforeAll
    static void start() {
        urls = DATABASE.start(ServiceProcess.freshDirectory("sweepers").resolveSibling("database"));
        services = List.of(service("sweeper-1"), service("sweeper-2"));
        services.forEach(ServiceProcess::awaitListening);
    }

    private static ServiceProcess service(String name) {
        return ServiceProcess.start(
                ServiceProcess.freshDirectory(name),
                Map.of(
                        "ROLLCALL_ADMIN_TOKEN",
                        TestDatabase.TOKEN,
                        "ROLLCALL_DATABASE_URL",
                        urls.serving(),
                        "ROLLCALL_DATABASE_OWNER_URL",
                        urls.owner(),
                        "ROLLCALL_SWEEPER_EVERY",
                        "1s"));
    }

    @AfterAll
    static void stop() {
        services.forEach(ServiceProcess::close);
        DATABASE.stop();
    }

    @Test
    void twoReplicasSettleTenThousandDueDelegationsEachOnce() throws SQLException {
        try (Connection database = connect();
                Statement sql = database.createStatement()) {
            // Due a moment after they are there, so that both sweepers find them.
            sql.execute("""
                    INSERT INTO delegations (org_id, delegation_id, root_delegation_id, caller_id, callee_id, task_preview,
                                             payload_sha256, event_actor, deadline)
                    SELECT md5('org' || n % 7)::uuid, 'd' || n, 'd' || n, md5('caller' || n % 70)::uuid,
                           md5('callee' || n % 70)::uuid, 'a task', sha256('a task'), 'test',
                           clock_timestamp() + interval '1 second'
                      FROM generate_series(1, 10000) n
                    """);

            Await.until(
                    "all are settled", () -> number(sql, "count(*) FILTER (WHERE finished_at IS NOT NULL)") == 10_000);

            assertEquals(10_000, number(sql, "count(*) FILTER (WHERE outcome = 'deadline_exceeded')"));
            assertEquals(10_000, count(sql, "delegation_events WHERE to_status = 'failed' AND actor = 'sweeper'"));
            assertEquals(20_000, count(sql, "delegation_events"));
            assertEquals(10_000, count(sql, "activity_logs WHERE method = 'delegate_result'"));
            assertEquals(10_000, count(sql, "inbox_messages"));
            assertEquals(0, count(sql, "delegation_beats"));
            assertEquals(
                    0,
                    count(
                            sql,
                            "(SELECT workspace_id, count(*) AS n, max(seq) AS last FROM inbox_messages GROUP BY 1) m"
                                    + " JOIN inboxes i USING (workspace_id) WHERE m.n <> m.last OR i.last_seq <> m.last"));
        }
        var shares = services.stream()
                .map(ServiceProcess::http)
                .map(SweeperIT::settled)
                .toList();
        System.out.println("settled by each replica: " + shares);
        assertEquals(10_000, shares.get(0) + shares.get(1));
        for (ServiceProcess service : services) {
            assertTrue(!service.output().contains("Could not settle"), service.output());
        }
    }

    private static int settled(Http http) {
        String metrics = http.get("/q/metrics").body();
        var found = SETTLED.matcher(metrics);
        if (!found.find()) {
            throw new AssertionError(metrics);
        }
        return (int) Double.parseDouble(found.group(1));
    }

    private static long number(Statement sql, String what) throws SQLException {
        return first(sql, "SELECT " + what + " FROM delegations");
    }

    private static long count(Statement sql, String from) throws SQLException {
        return first(sql, "SELECT count(*) FROM " + from);
    }

    private static long first(Statement sql, String query) throws SQLException {
        try (ResultSet rows = sql.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static Connection connect() throws SQLException {
        URI url = URI.create(urls.owner());
        String[] login = url.getUserInfo().split(":");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath()
                        + "?options=-c%20rollcall.tenant=*",
                login[0],
                login[1]);
    }
}
