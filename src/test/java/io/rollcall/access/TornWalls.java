package io.rollcall.access;

import io.rollcall.http.TimeLimits;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.PreparedQuery;
import io.vertx.mutiny.sqlclient.PreparedStatement;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Transactions in which, while {@link #torn}, no statement of a caller's compares an organisation any more. */
@Alternative
@Singleton
class TornWalls extends Transactions {

    private static final Pattern PREDICATE = Pattern.compile("(?:\\w+\\.)?org_id = (?:\\$\\d+|[am]\\.org_id)");

    volatile boolean torn;
    final AtomicInteger predicates = new AtomicInteger();

    TornWalls(Pool pool, TimeLimits limits) {
        super(pool, limits);
    }

    @Override
    public <T> Uni<T> run(Caller caller, Function<SqlConnection, Uni<T>> work) {
        return super.run(caller, connection -> work.apply(tear(connection)));
    }

    @Override
    <T> Uni<T> runPlannedOnce(Caller caller, Function<SqlConnection, Uni<T>> work) {
        return super.runPlannedOnce(caller, connection -> work.apply(tear(connection)));
    }

    @Override
    public <T> Uni<T> runForAllPlannedOnce(UUID organisation, Duration lockWait, Function<SqlConnection, Uni<T>> work) {
        return super.runForAllPlannedOnce(organisation, lockWait, connection -> work.apply(tear(connection)));
    }

    @Override
    public <T> Uni<T> read(Caller caller, Function<SqlConnection, Uni<T>> work) {
        return super.read(caller, connection -> work.apply(tear(connection)));
    }

    @Override
    public <T> Multi<T> stream(Caller caller, Function<SqlConnection, Multi<T>> rows) {
        return super.stream(caller, connection -> rows.apply(tear(connection)));
    }

    private SqlConnection tear(SqlConnection connection) {
        return torn ? new Torn(connection.getDelegate()) : connection;
    }

    private final class Torn extends SqlConnection {

        Torn(io.vertx.sqlclient.SqlConnection delegate) {
            super(delegate);
        }

        @Override
        public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
            return super.preparedQuery(without(sql));
        }

        @Override
        public Uni<PreparedStatement> prepare(String sql) {
            return super.prepare(without(sql));
        }

        private String without(String sql) {
            return PREDICATE.matcher(sql).replaceAll(found -> {
                predicates.incrementAndGet();
                return "(" + found.group().replace("$", "\\$") + " OR true)";
            });
        }
    }
}
