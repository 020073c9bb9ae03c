package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Which statements a connection prepares once, and which it has planned for each execution. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class PlannedEachTimeTest {

    private static final String KEPT = "SELECT $1::int + 4711";
    private static final String MARKED = PlannedEachTime.statement(KEPT);

    @Inject
    Pool pool;

    @Test
    void onlyAMarkedStatementIsPlannedForEachExecution() {
        List<String> prepared = pool.withConnection(connection -> many(connection, MARKED)
                        .chain(() -> many(connection, KEPT))
                        .chain(() -> connection
                                .query("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%4711'")
                                .execute())
                        .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                                .map(row -> row.getString("statement"))
                                .toList()))
                .await()
                .atMost(Duration.ofSeconds(10));

        assertEquals(List.of(KEPT), prepared);
    }

    private static Uni<Void> many(SqlConnection connection, String statement) {
        return Multi.createFrom()
                .range(0, 10)
                .onItem()
                .transformToUniAndConcatenate(
                        i -> connection.preparedQuery(statement).execute(Tuple.of(i)))
                .onItem()
                .ignoreAsUni();
    }
}
