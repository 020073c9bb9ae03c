package io.rollcall.workspace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import org.junit.jupiter.api.Test;

/** Of an organisation whose workspaces are all children of one, what a list reads grows with it, and not with its square. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TreeListPlanTest {

    private static final int CHILDREN = 3000;
    private static final int LISTS = 3;
    private static final int MOST_ROWS_READ_A_NODE = 20;

    private static final String ROWS_READ = """
            SELECT (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'workspaces')
                 + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'workspaces')
            """;

    @Test
    void listsReadAFewRowsANodeWhereAllAreChildrenOfOne() {
        Api.emptyTheDatabase();
        String root =
                Call.post("/workspaces", "{\"name\":\"Root\"}").expect(201).id();
        try (Superuser sql = Superuser.connect()) {
            sql.execute("""
                    INSERT INTO workspaces (id, org_id, parent_id, name)
                    SELECT gen_random_uuid(), '%1$s', '%1$s', 'node ' || n FROM generate_series(1, %2$d) n
                    """.formatted(root, CHILDREN));
            sql.execute("VACUUM ANALYZE workspaces");
            sql.execute("SELECT pg_stat_reset()");

            for (String query : new String[] {"", "?org_id=" + root, "?parent_id=" + root}) {
                int size = Call.get("/workspaces" + query).expect(200).json().size();
                assertEquals(query.startsWith("?parent") ? CHILDREN : CHILDREN + 1, size, query);
            }

            // A session reports what it read when it ends, and an idle one only after ten seconds.
            sql.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rollcall'");
            Await.until("the statistics know the lists", () -> sql.number(ROWS_READ) >= 1L * LISTS * CHILDREN);
            long read = sql.number(ROWS_READ);
            assertTrue(read < 1L * LISTS * CHILDREN * MOST_ROWS_READ_A_NODE, read + " rows read");
        }
    }
}
