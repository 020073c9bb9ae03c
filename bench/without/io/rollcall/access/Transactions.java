package io.rollcall.access;

import io.rollcall.http.TimeLimits;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClientHelper;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

/**
 * What the service would do if organisations were kept apart by its statements' predicates alone: no transaction around a
 * read, no tenant in any. Put in the place of the real one, for the benchmark of what isolation costs.
 */
@ApplicationScoped
public class Transactions {

    private final Pool pool;
    private final TimeLimits limits;

    /** For the proxy, which Quarkus gives to the real one. */
    Transactions() {
        this(null, null);
    }

    Transactions(Pool pool, TimeLimits limits) {
        this.pool = pool;
        this.limits = limits;
    }

    public <T> Uni<T> run(Caller caller, Function<SqlConnection, Uni<T>> work) {
        return runForPlatform(work);
    }

    <T> Uni<T> runPlannedOnce(Caller caller, Function<SqlConnection, Uni<T>> work) {
        return runForPlatform(work);
    }

    public <T> Uni<T> runForPlatform(Function<SqlConnection, Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            var deadline = new Deadline(limits.deadline());
            return pool.withTransaction(connection -> deadline.over(connection, work.apply(connection)));
        });
    }

    public <T> Uni<T> read(Caller caller, Function<SqlConnection, Uni<T>> work) {
        return readForPlatform(work);
    }

    public <T> Uni<T> readForPlatform(Function<SqlConnection, Uni<T>> work) {
        return Uni.createFrom().deferred(() -> {
            var deadline = new Deadline(limits.deadline());
            return pool.withConnection(connection -> deadline.over(connection, work.apply(connection)));
        });
    }

    public <T> Multi<T> stream(Caller caller, Function<SqlConnection, Multi<T>> rows) {
        return SqlClientHelper.inTransactionMulti(pool, connection -> rows.apply((SqlConnection) connection));
    }

    public static boolean isContention(Throwable failure) {
        return false;
    }
}
