package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Race;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the role that serves may do, read in the catalog, whoever gave it. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ServingRightsTest {

    private static final String RELATIONS = """
            SELECT c.relname FROM pg_class c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1
            """;

    private static final String RIGHTS = """
            SELECT coalesce(string_agg(name, ', ' ORDER BY name), 'nothing')
              FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN'])
                   AS r (name)
             WHERE has_table_privilege('rollcall', 'public.%s', name)
            """;

    private static final String VERSIONS = "SELECT relname || ' ' || xmin FROM pg_class WHERE relname IN"
            + " ('workspaces', 'audit_log', 'admin_token', 'flyway_schema_history') ORDER BY 1";

    @Inject
    ServingRights rights;

    private Superuser sql;

    @BeforeEach
    void connect() {
        sql = Superuser.connect();
    }

    @AfterEach
    void giveBack() {
        give();
        sql.close();
    }

    @Test
    void everyTableHasTheRightsThatAreListedForIt() {
        assertEquals(
                new TreeMap<>(ServingRights.OF_TABLES), actual(), "a table needs its line in ServingRights.OF_TABLES");
    }

    @Test
    void theListHasNoRightToMoreThanRowsAndTheHistoryAndTheTokenStayAsTheyAre() {
        for (String listed : ServingRights.OF_TABLES.values()) {
            assertEquals(
                    List.of(),
                    List.of(listed.split(", ")).stream()
                            .filter(right -> !List.of("DELETE", "INSERT", "SELECT", "UPDATE")
                                    .contains(right))
                            .toList());
        }
        assertEquals("SELECT", ServingRights.OF_TABLES.get("flyway_schema_history"));
        assertEquals("INSERT, SELECT", ServingRights.OF_TABLES.get("admin_token"));
    }

    @Test
    void noSequenceIsTheServingRolesToMove() {
        assertEquals(
                List.of(),
                sql.texts("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"
                        + " AND has_sequence_privilege('rollcall', sequencename::regclass, 'USAGE, UPDATE')"));
    }

    @Test
    void whatTheTablesAreIsNotTheServingRolesToChange() throws SQLException {
        List<String> attempts = new ArrayList<>(List.of(
                "CREATE TABLE mine (id int)",
                "CREATE SCHEMA mine",
                "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "DROP FUNCTION workspaces_guard() CASCADE",
                "DROP INDEX workspaces_parent_name_uniq",
                "DROP POLICY workspaces_tenant ON workspaces",
                "ALTER DATABASE rollcall SET rollcall.tenant = '*'",
                "SET ROLE rollcall_owner",
                "DELETE FROM workspaces",
                "UPDATE import_runs SET created = 99",
                "UPDATE admin_token SET sha256 = sha256",
                "UPDATE flyway_schema_history SET success = false"));
        for (String table : ServingRights.OF_TABLES.keySet()) {
            attempts.add("TRUNCATE " + table);
            attempts.add("DROP TABLE " + table);
            attempts.add("ALTER TABLE " + table + " DISABLE ROW LEVEL SECURITY");
            attempts.add("ALTER TABLE " + table + " DISABLE TRIGGER ALL");
        }
        for (String attempt : attempts) {
            try (Connection connection = TestDatabase.connect();
                    Statement statement = connection.createStatement()) {
                var refused = assertThrows(SQLException.class, () -> statement.execute(attempt), attempt);
                assertEquals("42501", refused.getSQLState(), attempt);
            }
        }
    }

    @Test
    void whatWasTakenIsGivenAgainAndWhatWasGivenBeyondIsTaken() {
        sql.execute("REVOKE ALL ON workspaces, flyway_schema_history FROM rollcall");
        sql.execute("GRANT ALL ON audit_log, admin_token TO rollcall");

        give();

        assertEquals(new TreeMap<>(ServingRights.OF_TABLES), actual());
    }

    @Test
    void aSchemaThatIsClosedToThePublicIsOpenedForTheServingRole() {
        sql.execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC");
        try {
            give();

            assertEquals("t", sql.text("SELECT has_schema_privilege('rollcall', 'public', 'USAGE')"));
            assertEquals("f", sql.text("SELECT has_schema_privilege('rollcall', 'public', 'CREATE')"));
        } finally {
            sql.execute("GRANT USAGE ON SCHEMA public TO PUBLIC");
            sql.execute("REVOKE USAGE ON SCHEMA public FROM rollcall");
        }
    }

    @Test
    void whatIsRightIsNotTouched() {
        List<String> before = sql.texts(VERSIONS);

        give();

        assertEquals(before, sql.texts(VERSIONS));
    }

    @Test
    void replicasThatStartTogetherTakeTurns() {
        for (int round = 0; round < 20; round++) {
            ServingRights.OF_TABLES.keySet().forEach(table -> sql.execute("REVOKE ALL ON " + table + " FROM rollcall"));

            Race.run(Collections.nCopies(6, (Callable<Boolean>) () -> {
                give();
                return true;
            }));

            assertEquals(new TreeMap<>(ServingRights.OF_TABLES), actual());
        }
    }

    private void give() {
        rights.give().await().atMost(Duration.ofSeconds(30));
    }

    private TreeMap<String, String> actual() {
        var actual = new TreeMap<String, String>();
        sql.texts(RELATIONS).forEach(table -> actual.put(table, sql.text(RIGHTS.formatted(table))));
        return actual;
    }
}
