package io.rollcall.proof;

import io.rollcall.Await;
import io.rollcall.Superuser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Five replicas start at once on one database, and the first three statements that change its schema take their time. Wrong is
 * when one of them ends instead of waiting, is not ready at last, or a migration is not in the history exactly once.
 */
final class FiveReplicas {

    private static final int REPLICAS = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** A trigger on the schema, not a lock: that would end at a lock timeout. In a schema of its own, which nobody looks at. */
    private static final String SLOW = """
            CREATE SCHEMA proof;
            CREATE SEQUENCE proof.slow;
            CREATE FUNCTION proof.slow() RETURNS event_trigger SECURITY DEFINER LANGUAGE plpgsql AS $$
            BEGIN
                IF current_query() NOT LIKE '%%flyway_schema_history%%' AND nextval('proof.slow') <= 3 THEN
                    PERFORM pg_sleep(%d);
                END IF;
            END
            $$;
            CREATE EVENT TRIGGER slow ON ddl_command_start EXECUTE FUNCTION proof.slow();
            """;

    /** One of them. */
    interface Replica extends AutoCloseable {

        /** Null: still starting; empty: as it should be; else what is wrong with it. */
        String verdict();

        @Override
        void close();
    }

    @FunctionalInterface
    interface Starter {
        Replica start(int number) throws Exception;
    }

    private FiveReplicas() {}

    /** @param seconds of each of the first three statements; the server's own limit for one is 30 */
    static List<String> findings(Migrations migrations, ProofDatabase database, int seconds, Starter starter)
            throws Exception {
        var replicas = new ArrayList<Replica>();
        var findings = new ArrayList<String>();
        try (var superuser = new Superuser(database.superuser())) {
            superuser.execute(SLOW.formatted(seconds));
            for (int number = 1; number <= REPLICAS; number++) {
                replicas.add(starter.start(number));
            }
            Await.until("all replicas are ready or have ended", PATIENCE, () -> replicas.stream()
                    .map(Replica::verdict)
                    .allMatch(Objects::nonNull));
            replicas.stream()
                    .map(Replica::verdict)
                    .filter(verdict -> !verdict.isEmpty())
                    .forEach(findings::add);
            if (superuser.number("SELECT last_value FROM proof.slow") < 2) {
                findings.add("nothing was slow");
            }
        } finally {
            replicas.forEach(Replica::close);
        }
        List<String> expected = migrations.steps().stream()
                .map(step -> step.version() + " true")
                .toList();
        List<String> found = database.rows(
                "SELECT version || ' ' || success FROM flyway_schema_history WHERE version IS NOT NULL ORDER BY version");
        if (!expected.equals(found)) {
            findings.add("the history is " + found);
        }
        return findings;
    }
}
