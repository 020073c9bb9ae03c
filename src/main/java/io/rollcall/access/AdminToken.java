package io.rollcall.access;

import io.quarkus.runtime.StartupEvent;
import io.rollcall.Misconfigured;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * The platform admin's token: {@code ROLLCALL_ADMIN_TOKEN}, or one made at the first start, kept as its hash and printed
 * once. There is no default credential. Of replicas that start together one makes it.
 */
@ApplicationScoped
class AdminToken {

    private static final int SHORTEST = 32;
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private static final String MAKE =
            "INSERT INTO admin_token (sha256) VALUES ($1) ON CONFLICT (only_one) DO NOTHING RETURNING only_one";
    private static final String FIND = "SELECT sha256 FROM admin_token";

    private final Pool pool;
    private final Optional<String> given;
    private final int port;
    private volatile byte @Nullable [] sha256;

    AdminToken(
            Pool pool,
            @ConfigProperty(name = "rollcall.admin.token") Optional<String> given,
            @ConfigProperty(name = "quarkus.http.port") int port) {
        this.pool = pool;
        this.given = given;
        this.port = port;
    }

    /** In constant time; false before the start is complete. */
    boolean matches(String token) {
        byte[] expected = sha256;
        return expected != null && MessageDigest.isEqual(expected, Token.sha256(token));
    }

    void atStart(@Observes StartupEvent started) {
        if (given.isPresent()) {
            if (given.get().length() < SHORTEST) {
                throw new Misconfigured("ROLLCALL_ADMIN_TOKEN must have at least " + SHORTEST
                        + " characters; try: openssl rand -hex 32");
            }
            sha256 = Token.sha256(given.get());
        } else {
            sha256 = madeOrFound().await().atMost(START_LIMIT);
        }
    }

    private Uni<byte[]> madeOrFound() {
        String token = Token.random(Token.Kind.PLATFORM, UUID.randomUUID()).text();
        byte[] hash = Token.sha256(token);
        return pool.preparedQuery(MAKE)
                .execute(Tuple.tuple().addBuffer(Buffer.buffer(hash)))
                .chain(made -> {
                    if (made.size() == 1) {
                        print(token);
                        return Uni.createFrom().item(hash);
                    }
                    return pool.query(FIND)
                            .execute()
                            .map(rows ->
                                    rows.iterator().next().getBuffer("sha256").getBytes());
                });
    }

    /** To standard output, not through the log, which may be shipped elsewhere. */
    private void print(String token) {
        System.out.printf("""

                The platform admin's token, shown this once:

                    %s

                Keep it, or set ROLLCALL_ADMIN_TOKEN to one of your own. Sign in with it at http://localhost:%d/, or try it:

                    curl -H 'Authorization: Bearer %s' http://localhost:%d/org/templates

                """, token, port, token, port);
    }
}
