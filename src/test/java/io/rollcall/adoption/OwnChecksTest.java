package io.rollcall.adoption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Misconfigured;
import io.rollcall.TestDatabase;
import io.rollcall.maintenance.SchemaCommand;
import io.rollcall.schema.ScratchDatabase;
import io.rollcall.schema.ServiceFlyway;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the way in our own schema. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OwnChecksTest {

    private static final String NEXT = "99990101000000";
    private static final Map<String, List<Check>> PLANTED = Map.of(
            NEXT,
            List.of(
                    new Check("short", "workspaces", "the name is too long", true, """
                            SELECT id::text, 1 FROM public.workspaces WHERE char_length(name) > 3
                            """),
                    new Check("none", "not_there_yet", "is of a table to come", true, "SELECT 1 FROM not_there_yet")));

    @TempDir
    Path directory;

    @Test
    void whatAMigrationToComeWouldNotTakeIsCountedUntilItIsApplied() throws Exception {
        try (ScratchDatabase database = new ScratchDatabase("scratch_planted_checks")) {
            database.migrate("latest");
            database.script("""
                    INSERT INTO workspaces (id, org_id, name)
                    SELECT id, id, 'Acme ' || i FROM (SELECT gen_random_uuid() AS id, i FROM generate_series(1, 30) i) x
                    """);
            try (Connection connection = database.connect()) {
                Preflight found = Preflight.run(
                        "rollcall", OwnChecks.of(new Database(connection), PLANTED), new Database(connection));
                assertTrue(
                        found.text().contains("in the way: workspaces, short: 30 keys, 30 rows: the name is too long"),
                        found.text());

                var atStart = new StartPreflight(PLANTED);
                var flyway = ServiceFlyway.configuration(
                        database.owner().jdbc(),
                        database.owner().user(),
                        database.owner().password(),
                        directory);
                var refused = assertThrows(Misconfigured.class, () -> atStart.pass(flyway, List.of(NEXT)));
                assertTrue(refused.getMessage().contains("workspaces, short: 30 keys, 30 rows"), refused.getMessage());
                atStart.pass(flyway, List.of("99990102000000"));

                database.script("INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
                        + " installed_by, execution_time, success) VALUES (999, '" + NEXT
                        + "', 'x', 'SQL', 'x', 'x', 1, true)");
                assertEquals(List.of(), OwnChecks.of(new Database(connection), PLANTED));
            }
        }
    }

    @Test
    void namesThatStandTwiceAreInTheWayOfTheImportsIndexOnceItIsGone() throws Exception {
        try (ScratchDatabase database = new ScratchDatabase("scratch_own_checks")) {
            database.migrate("latest");
            assertEquals(
                    "rollcall: nothing in the way\n",
                    SchemaCommand.run(database, "preflight").out());
            database.script("""
                    DROP INDEX workspaces_parent_name_uniq;
                    INSERT INTO workspaces (id, org_id, name)
                    SELECT id, id, 'Acme ' || i % 30 FROM (SELECT gen_random_uuid() AS id, i FROM generate_series(1, 90) i) x;
                    UPDATE workspaces SET status = 'removed', removed_at = now() WHERE name = 'Acme 7';
                    """);

            SchemaCommand found = SchemaCommand.run(database, "preflight");

            assertEquals(1, found.exitCode());
            assertTrue(
                    found.out().contains("in the way: workspaces, workspaces_parent_name_uniq: 29 keys, 87 rows"),
                    found.out());
            assertEquals(22, found.out().lines().count());

            database.script("UPDATE workspaces SET name = id::text WHERE status <> 'removed'");
            assertEquals(0, SchemaCommand.run(database, "preflight").exitCode());
        }
    }
}
