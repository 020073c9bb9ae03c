package io.rollcall.organisation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Plans that PostgreSQL keeps for a session must not be those of the table as it was when the session was young. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ImportPlansTest {

    private static final int NODES = 5000;
    private static final int IMPORTS = 3;
    private static final int MOST_ROWS_READ_A_NODE = 100;

    private static final String ROWS_READ = """
            SELECT (SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'workspaces')
                 + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'workspaces')
            """;
    private static final String ROWS_INSERTED =
            "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'workspaces'";

    @Test
    void anImportReadsAFewRowsANodeInSessionsThatKnewTheTableSmall() {
        Api.emptyTheDatabase();
        Http http = Http.toTest();
        try (Superuser sql = Superuser.connect()) {
            String root = http.importing("{\"template\": {\"name\": \"T\", \"workspaces\": [{\"name\": \"Root\"}]}}")
                    .json()
                    .at("/workspaces/0/id")
                    .textValue();
            sql.execute("VACUUM ANALYZE workspaces");
            sql.execute("SELECT pg_stat_reset()");
            // From its sixth execution on a session keeps a plan; one request after another, few sessions serve them.
            for (int i = 0; i < 20; i++) {
                http.send("POST", "/workspaces", "application/json", child(root));
            }

            for (int i = 0; i < IMPORTS; i++) {
                assertEquals(
                        "201",
                        http.importing(wide(UUID.randomUUID().toString())).outcome());
            }

            // A session reports what it read when it ends, and an idle one only after ten seconds.
            sql.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rollcall'");
            Await.until("the statistics know the imports", () -> sql.number(ROWS_INSERTED) >= IMPORTS * NODES);
            long read = sql.number(ROWS_READ);
            assertTrue(read < 1L * IMPORTS * NODES * MOST_ROWS_READ_A_NODE, read + " rows read");
        }
    }

    private static String child(String parent) {
        return "{\"name\": \"%s\", \"parent_id\": \"%s\"}".formatted(UUID.randomUUID(), parent);
    }

    /** A root with half of the nodes below it and one more below each. */
    private static String wide(String name) {
        return "{\"template\": {\"name\": \"Wide\", \"workspaces\": [{\"name\": \"" + name + "\", \"children\": ["
                + IntStream.range(0, NODES / 2)
                        .mapToObj(i -> "{\"name\": \"n" + i + "\", \"children\": [{\"name\": \"c\"}]}")
                        .collect(Collectors.joining(","))
                + "]}]}}";
    }
}
