package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Misconfigured;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The second wall, by itself: statements without any predicate, under the tables' owner, whom nothing else holds back. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RowSecurityTest {

    private static final String TABLES = "workspaces, import_runs, audit_log, canvas_viewports, audit_heads";
    private static final String ALL = """
            SELECT (SELECT count(*) FROM workspaces) || ' ' || (SELECT count(*) FROM import_runs) || ' '
                || (SELECT count(*) FROM audit_log) || ' ' || (SELECT count(*) FROM canvas_viewports) || ' '
                || (SELECT count(*) FROM audit_heads)
            """;

    @Inject
    RowSecurity rowSecurity;

    private String ours;
    private String theirs;
    private Connection connection;
    /** So that no row changes but by the test. */
    private Superuser sealer;

    @BeforeEach
    void twoOrganisations() throws SQLException {
        Api.emptyTheDatabase();
        sealer = Superuser.connectAsSealer();
        ours = organisation("Ours");
        theirs = organisation("Theirs");
        connection = TestDatabase.connectAsOwner();
        connection.setAutoCommit(false);
    }

    @AfterEach
    void end() throws SQLException {
        connection.close();
        sealer.close();
    }

    private static String organisation(String name) {
        String id = Api.importJson("{\"template\": {\"name\": \"T\", \"workspaces\": [{\"name\": \"" + name
                        + "\", \"children\": [{\"name\": \"Child\"}]}]}}")
                .jsonPath()
                .getString("workspaces[0].id");
        Sql.run("INSERT INTO canvas_viewports (org_id, x, y, zoom) VALUES ('" + id + "', 0, 0, 1)");
        Sql.run("INSERT INTO audit_heads (org_id, sequence, sha256) VALUES ('" + id + "', 1, sha256(''))");
        return id;
    }

    @Test
    void anOrganisationSeesItsOwnRowsOfEveryTable() throws SQLException {
        tenant(ours);

        assertEquals("2 1 1 1 1", text(ALL));
        assertEquals("2", text("SELECT count(*) FROM workspaces WHERE org_id = '" + ours + "'"));
    }

    @Test
    void thePlatformSeesAll() throws SQLException {
        tenant("*");

        assertEquals("4 2 2 2 2", text(ALL));
    }

    @Test
    void withoutATenantThereIsNothing() throws SQLException {
        tenant("");

        assertEquals("0 0 0 0 0", text(ALL));
    }

    @Test
    void afterATransactionItsTenantIsGone() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET rollcall.tenant = ''");
        }
        connection.commit();
        tenant(ours);
        connection.commit();

        assertEquals("0 0 0 0 0", text(ALL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE workspaces SET name = 'Taken'",
                "DELETE FROM workspaces WHERE parent_id IS NOT NULL",
                "UPDATE import_runs SET created = 99",
                "DELETE FROM import_runs",
                "UPDATE canvas_viewports SET zoom = 2",
                "UPDATE audit_heads SET sequence = sequence + 1"
            })
    void aWriteWithoutAPredicateLeavesOtherOrganisationsAlone(String sql) throws SQLException {
        String before = theirRows();
        tenant(ours);
        try (Statement statement = connection.createStatement()) {
            assertTrue(statement.executeUpdate(sql.replace("'Taken'", "name || '!'")) > 0);
        }
        connection.commit();

        assertEquals(before, theirRows());
    }

    @Test
    void rowsCannotBeWrittenForOrHandedToAnotherOrganisation() throws SQLException {
        for (String sql : List.of(
                "INSERT INTO canvas_viewports (org_id, x, y, zoom) VALUES (gen_random_uuid(), 0, 0, 1)",
                "INSERT INTO audit_log (org_id, actor, action, target, request_id) VALUES ('" + theirs
                        + "', 'a', 'b', 'c', 'd')",
                "UPDATE import_runs SET org_id = '" + theirs + "'",
                "INSERT INTO workspaces (id, org_id, parent_id, name) VALUES (gen_random_uuid(), '" + theirs + "', '"
                        + theirs + "', 'Spy')")) {
            tenant(ours);
            try (Statement statement = connection.createStatement()) {
                var refused = assertThrows(SQLException.class, () -> statement.executeUpdate(sql), sql);
                assertEquals("42501", refused.getSQLState(), sql);
            }
            connection.rollback();
        }
    }

    @Test
    void aStartIsRefusedWithATableWhoseWallIsDown() {
        try (Superuser sql = Superuser.connect()) {
            for (String table : TABLES.split(", ")) {
                for (String[] change : new String[][] {
                    {"NO FORCE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"},
                    {"DISABLE ROW LEVEL SECURITY", "ENABLE ROW LEVEL SECURITY"}
                }) {
                    sql.execute("ALTER TABLE " + table + " " + change[0]);
                    try {
                        var refused =
                                assertThrows(Misconfigured.class, () -> rowSecurity.atStart(new StartupEvent()), table);
                        assertTrue(refused.getMessage().contains("on: " + table + ";"), refused.getMessage());
                    } finally {
                        sql.execute("ALTER TABLE " + table + " " + change[1]);
                    }
                }
            }
        }
        rowSecurity.atStart(new StartupEvent());
    }

    @Test
    void aStartIsRefusedWhenTheServingRoleMayTruncateATableOfOrganisations() {
        try (Superuser sql = Superuser.connect()) {
            sql.execute("GRANT TRUNCATE ON workspaces, import_runs, admin_token TO PUBLIC");
            try {
                var refused = assertThrows(Misconfigured.class, () -> rowSecurity.atStart(new StartupEvent()));
                assertEquals(
                        "the database role rollcall may TRUNCATE import_runs, workspaces, by PUBLIC or by a role of which it"
                                + " is a member; as the owner: REVOKE TRUNCATE ON import_runs, workspaces FROM PUBLIC, or"
                                + " from that role",
                        refused.getMessage());
            } finally {
                sql.execute("REVOKE TRUNCATE ON workspaces, import_runs, admin_token FROM PUBLIC");
            }
        }
        rowSecurity.atStart(new StartupEvent());
    }

    private static String theirRows() {
        return Sql.rows("SELECT w::text FROM workspaces w WHERE name LIKE 'Their%' OR parent_id IN"
                        + " (SELECT id FROM workspaces WHERE name LIKE 'Their%') ORDER BY 1")
                + Sql.rows(
                                "SELECT r::text FROM import_runs r, workspaces w WHERE w.id = r.org_id AND w.name LIKE 'Their%'")
                        .toString()
                + Sql.rows(
                        "SELECT a::text FROM audit_log a, workspaces w WHERE w.id = a.org_id AND w.name LIKE 'Their%'")
                + Sql.rows(
                        "SELECT h::text FROM audit_heads h, workspaces w WHERE w.id = h.org_id AND w.name LIKE 'Their%'")
                + Sql.rows(
                        "SELECT v::text FROM canvas_viewports v, workspaces w WHERE w.id = v.org_id AND w.name LIKE 'Their%'");
    }

    private void tenant(String tenant) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL rollcall.tenant = '" + tenant + "'");
        }
    }

    private String text(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
