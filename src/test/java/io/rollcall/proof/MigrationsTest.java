package io.rollcall.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import io.rollcall.proof.Migrations.Step;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every migration in the tree, forward, back and forward again, on the product's own PostgreSQL. The long way, on all of
 * them and with everything that can go wrong, is {@code ./mvnw verify -Pproof}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class MigrationsTest {

    private final Migrations ours = Migrations.OURS;
    private ProofDatabase database;

    @BeforeEach
    void create() {
        database = ProofDatabase.empty(Server.ofTheTests(), "scratch_migrations");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    @Tag("full")
    void everyMigrationIsUndoneByItsRollbackAndAppliesAgainAndOtherTablesKeepTheirRows() throws Exception {
        assertEquals(List.of(), new RoundTrip(ours, database).findings());
    }

    @Test
    @Tag("full")
    void everyRollbackThatWouldLoseRowsRefusesAndSaysHowMany() throws Exception {
        for (Step step : ours.steps()) {
            List<String> before = database.tables();
            database.migrate(ours, step.version());
            List<String> made = new ArrayList<>(database.tables());
            made.removeAll(before);
            if (ours.undo(step).contains(" Lost: nothing")) {
                continue;
            }
            String fingerprint = database.fingerprint();
            for (String table : made) {
                SampleRows.add(database, table);

                SQLException refused = assertThrows(SQLException.class, () -> database.undo(ours, step));

                assertTrue(
                        refused.getMessage().contains("rollback refused: 1 rows in " + table + " would be lost"),
                        refused.getMessage());
                assertEquals(fingerprint, database.fingerprint());
                assertEquals(List.of("1"), database.rows("SELECT count(*) FROM " + table));
                database.script(("ALTER TABLE %1$s DISABLE TRIGGER USER; DELETE FROM %1$s;"
                                + " ALTER TABLE %1$s ENABLE TRIGGER USER")
                        .formatted(table));
            }
        }
    }

    @Test
    void theWholeChainCanBeTakenBackAndAppliedAgain() throws Exception {
        String empty = database.fingerprint();
        List<Step> steps = ours.steps();
        assertEquals(steps.size(), database.migrate(ours, "latest"));
        String full = database.fingerprint();
        for (int i = steps.size() - 1; i >= 0; i--) {
            database.undo(ours, steps.get(i));
        }
        assertEquals(empty, database.fingerprint());

        assertEquals(steps.size(), database.migrate(ours, "latest"));
        assertEquals(full, database.fingerprint());
    }

    @Test
    void theChainAppliedTwiceAppliesNothingTheSecondTime() {
        assertEquals(ours.steps().size(), database.migrate(ours, "latest"));
        String once = database.fingerprint();

        assertEquals(0, database.migrate(ours, "latest"));
        assertEquals(once, database.fingerprint());
    }

    @Test
    void everyIndexIsValidAndEveryConstraintValidatedAtTheEnd() {
        database.migrate(ours, "latest");

        assertFalse(database.fingerprint().lines().anyMatch(line -> line.matches(".* (valid|ready|validated) f\\b.*")));
    }

    @Test
    void keysOfTenantsTablesBeginWithTheTenantAndReferencesKeepToOne() throws Exception {
        database.migrate(ours, "latest");
        assertEquals(List.of(), TenantKeys.findings(database));

        database.script("""
                CREATE TABLE planted (id text PRIMARY KEY, org_id uuid NOT NULL, workspace_id uuid REFERENCES workspaces (id),
                                      token uuid CONSTRAINT planted_fk REFERENCES tokens (id));
                CREATE UNIQUE INDEX planted_name ON planted (lower(id), org_id);
                CREATE UNIQUE INDEX planted_right ON planted (org_id, id);
                """);
        assertEquals(
                List.of(
                        "planted.planted_fk is a reference without the tenant",
                        "planted.planted_name is unique across tenants",
                        "planted.planted_pkey is unique across tenants"),
                TenantKeys.findings(database));
    }
}
