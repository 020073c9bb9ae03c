package io.rollcall.workspace;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.PlanRows;
import io.rollcall.TestDatabase;
import java.sql.Connection;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What workspaces' triggers do for a statement grows with its rows and not with their square, in a session that kept their
 * plans from a statement of one row.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TriggerPlanTest {

    private static final int NODES = 3000;
    private static final int MOST_ROWS_A_NODE = 30;

    /** PostgreSQL keeps a plan when five that were made anew were no better. */
    private static final int UNTIL_KEPT = 8;

    /** Only to leave out the foreign keys' checks, thousands of a row each: what is quadratic takes longer. */
    private static final String EXPLAINED = """
            LOAD 'auto_explain';
            SET auto_explain.log_min_duration = '1ms';
            SET auto_explain.log_nested_statements = on;
            SET auto_explain.log_analyze = on;
            SET auto_explain.log_timing = off;
            SET auto_explain.log_format = json;
            SET auto_explain.log_level = notice;
            SET enable_seqscan = off;
            """;

    @Test
    void manyAtOnceAreNotEachComparedWithAll() throws Exception {
        Api.emptyTheDatabase();
        String root =
                Call.post("/workspaces", "{\"name\":\"Root\"}").expect(201).id();
        try (Connection connection = TestDatabase.connectAsSuperuser();
                Statement statement = connection.createStatement()) {
            statement.execute(EXPLAINED);
            for (int n = 1; n <= UNTIL_KEPT; n++) {
                statement.execute(made(root, -n, -n));
                statement.execute("UPDATE workspaces SET role = 'role %d' WHERE id = '%s'".formatted(n, root));
            }

            assertFew("made", plans(statement, made(root, 1, NODES)));
            assertFew("changed", plans(statement, "UPDATE workspaces SET tier = tier + 1"));
            assertFew("removed", plans(statement, "UPDATE workspaces SET status = 'removed', removed_at = now()"));
        }
    }

    private static String made(String root, int first, int last) {
        return """
                INSERT INTO workspaces (id, org_id, parent_id, name)
                SELECT gen_random_uuid(), '%1$s', '%1$s', 'node ' || n FROM generate_series(%2$d, %3$d) n
                """.formatted(root, first, last);
    }

    private static List<JsonNode> plans(Statement statement, String sql) throws Exception {
        statement.clearWarnings();
        statement.execute(sql);
        List<JsonNode> plans = new ArrayList<>();
        for (SQLWarning notice = statement.getWarnings(); notice != null; notice = notice.getNextWarning()) {
            plans.add(PlanRows.plan(
                    notice.getMessage().substring(notice.getMessage().indexOf('{'))));
        }
        return plans;
    }

    private static void assertFew(String what, List<JsonNode> plans) {
        assertTrue(plans.size() > 1, "the statement's plan, and one of its triggers': " + plans);
        for (JsonNode plan : plans) {
            long rows = PlanRows.of(plan);
            assertTrue(rows < 1L * NODES * MOST_ROWS_A_NODE, () -> what + ": " + rows + " rows: " + plan);
        }
    }
}
