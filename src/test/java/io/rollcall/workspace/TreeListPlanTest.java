package io.rollcall.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.PlanRows;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the plan of a list goes through grows with the organisation, and not with its square, whatever its shape and whatever
 * the statistics say: just after an import they say nothing, or what was there before it.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TreeListPlanTest {

    private static final int NODES = 3000;
    private static final int MOST_ROWS_A_NODE = 20;

    private enum Shape {
        FLAT,
        TREE
    }

    private enum Statistics {
        NONE,
        OF_BEFORE,
        OF_NOW
    }

    @ParameterizedTest
    @CsvSource({"FLAT, NONE", "FLAT, OF_BEFORE", "FLAT, OF_NOW", "TREE, NONE", "TREE, OF_BEFORE", "TREE, OF_NOW"})
    void listsGoThroughAFewRowsANode(Shape shape, Statistics statistics) throws Exception {
        Api.emptyTheDatabase();
        String root;
        try (Superuser sql = Superuser.connect()) {
            sql.execute("DELETE FROM pg_statistic WHERE starelid = 'workspaces'::regclass");
            if (statistics == Statistics.OF_BEFORE) {
                organisation(sql, "Before", Shape.FLAT);
                sql.execute("VACUUM ANALYZE workspaces");
            }
            root = organisation(sql, "Now", shape);
            if (statistics == Statistics.OF_NOW) {
                sql.execute("VACUUM ANALYZE workspaces");
            }
        }

        int ofRoot = shape == Shape.FLAT ? NODES : 10;
        String own = "'" + root + "'";
        assertFew(NODES + 1, WorkspaceRepository.LIST_OF_ORGANISATION, root, "NULL, false, " + own);
        assertFew(ofRoot, WorkspaceRepository.LIST_OF_ORGANISATION, root, own + ", false, " + own);
        assertFew(1, WorkspaceRepository.LIST_ROOTS, root, "NULL, false, " + own);
        int all = statistics == Statistics.OF_BEFORE ? 2 * (NODES + 1) : NODES + 1;
        assertFew(all, WorkspaceRepository.LIST_ALL, "*", "NULL, false, NULL");
        assertFew(ofRoot, WorkspaceRepository.LIST_ALL, "*", own + ", false, NULL");
    }

    /** @return its id */
    private static String organisation(Superuser sql, String name, Shape shape) {
        String root = Call.post("/workspaces", "{\"name\":\"" + name + "\"}")
                .expect(201)
                .id();
        String parent = shape == Shape.FLAT
                ? "'" + root + "'"
                : "CASE WHEN n <= 10 THEN '" + root + "' ELSE md5('" + name + "' || (n - 1) / 10) END";
        sql.execute("""
                INSERT INTO workspaces (id, org_id, parent_id, name)
                SELECT md5('%s' || n)::uuid, '%s', (%s)::uuid, 'node ' || n FROM generate_series(1, %d) n
                """.formatted(name, root, parent, NODES));
        return root;
    }

    /** As the service asks: below the rows' policy, and with its setting (see {@code PoolSettings}). */
    private static void assertFew(int listed, String list, String tenant, String parameters)
            throws SQLException, JsonProcessingException {
        try (Superuser owner = new Superuser(TestDatabase.connectAsOwner())) {
            owner.execute("SET enable_seqscan = off; SET rollcall.tenant = '" + tenant + "'");
            owner.execute("PREPARE list (uuid, boolean, uuid) AS " + list);
            JsonNode plan = PlanRows.plan(
                    owner.text("EXPLAIN (ANALYZE, TIMING off, FORMAT JSON) EXECUTE list (" + parameters + ")"));

            assertEquals(listed, plan.path("Actual Rows").asInt(), list);
            long rows = PlanRows.of(plan);
            assertTrue(rows < 1L * NODES * MOST_ROWS_A_NODE, () -> rows + " rows for " + parameters + ": " + plan);
        }
    }
}
