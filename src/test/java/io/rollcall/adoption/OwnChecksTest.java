package io.rollcall.adoption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import io.rollcall.maintenance.SchemaCommand;
import io.rollcall.schema.ScratchDatabase;
import org.junit.jupiter.api.Test;

/** What stands in the way in our own schema. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OwnChecksTest {

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
