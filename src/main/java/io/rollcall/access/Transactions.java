package io.rollcall.access;

import io.rollcall.http.Problem;
import io.rollcall.http.TimeLimits;
import io.rollcall.schema.Tenant;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.DatabaseException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one way to open a transaction. The work gets the connection and must use no other: a statement on the pool would
 * run outside. It fails with what the work failed with, rolled back.
 *
 * <p>What another transaction's timing broke is done again from the start, {@value #RETRIES} times with jitter:
 * deadlock and serialization failures, and a child or token that met its workspace's removal. Work
 * must therefore keep its state inside the function. READ COMMITTED: insert-or-nothing needs it, since its loser must
 * then see the winner's row.
 */
@ApplicationScoped
public class Transactions {

    private static final String CONTENTION = "CONTENTION";
    private static final String BEGIN_READING = "BEGIN READ ONLY; ";
    private static final String PLANNED_ONCE = "; SET LOCAL plan_cache_mode = force_generic_plan";
    private static final int RETRIES = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(400);
    private static final Set<String> SERIALIZATION = Set.of("40001", "40P01");
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    /** By which a live row has a live parent, and a live token or agent a live workspace, of its own organisation. */
    private static final Set<String> LIVE_KEYS =
            Set.of("workspaces_parent_fk", "tokens_workspace_fk", "heartbeats_workspace_fk");

    private final Pool pool;
    private final TimeLimits limits;

    Transactions(Pool pool, TimeLimits limits) {
        this.pool = pool;
        this.limits = limits;
    }

    public <T> Uni<T> run(Caller caller, Function<SqlConnection, Uni<T>> work) {
        return run(caller.tenant(), work);
    }

    /** The service's own jobs, in whose statements the rows of all organisations meet. Who they are, a test lists. */
    public <T> Uni<T> runForPlatform(Function<SqlConnection, Uni<T>> work) {
        return run(Tenant.PLATFORM, work);
    }

    /**
     * As {@link #run} for statements of arrays, which are planned once, whatever they carry: planning one of the ledger's took
     * as long as running it for twenty rows.
     */
    <T> Uni<T> runPlannedOnce(Caller caller, Function<SqlConnection, Uni<T>> work) {
        return run(caller.tenant().statement() + PLANNED_ONCE, work);
    }

    /**
     * As {@link #runPlannedOnce} for statements whose arrays name the organisation of each element, and compare it.
     *
     * @param organisation whose all elements are; null when they are of several, and row security is no wall
     * @param lockWait after how long it fails when somebody else holds a row
     */
    public <T> Uni<T> runForAllPlannedOnce(
            @Nullable UUID organisation, Duration lockWait, Function<SqlConnection, Uni<T>> work) {
        Tenant tenant = organisation == null ? Tenant.PLATFORM : Tenant.of(organisation);
        String limit = "; SET LOCAL lock_timeout = " + lockWait.toMillis();
        return run(tenant.statement() + PLANNED_ONCE + limit, work);
    }

    private <T> Uni<T> run(Tenant tenant, Function<SqlConnection, Uni<T>> work) {
        return run(tenant.statement(), work);
    }

    private <T> Uni<T> run(String opening, Function<SqlConnection, Uni<T>> work) {
        return inTime(deadline -> attempts(deadline, opening, work));
    }

    private <T> Uni<T> attempts(Deadline deadline, String opening, Function<SqlConnection, Uni<T>> work) {
        return pool.withConnection(connection -> deadline.over(connection, opened(opening, connection, work))
                        .onItemOrFailure()
                        .transformToUni((result, failure) -> ended(connection, result, failure)))
                .onFailure(Transactions::isRefusedByTiming)
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .withJitter(0.5)
                .atMost(RETRIES)
                .onFailure(Transactions::isRefusedByTiming)
                .transform(failure -> contention());
    }

    /**
     * For work that only reads, and so meets nobody. Begin and tenant travel ahead of the first statement and the answer
     * does not wait for the end, so one statement costs one round trip. The connection is lent until the end has been
     * answered: handed on before, its next user's BEGIN has been seen to overtake the COMMIT, in a burst on a growing pool.
     */
    public <T> Uni<T> read(Caller caller, Function<SqlConnection, Uni<T>> work) {
        return read(caller.tenant(), work);
    }

    /** As {@link #runForPlatform}, for what only reads. */
    public <T> Uni<T> readForPlatform(Function<SqlConnection, Uni<T>> work) {
        return read(Tenant.PLATFORM, work);
    }

    private <T> Uni<T> read(Tenant tenant, Function<SqlConnection, Uni<T>> work) {
        return Uni.createFrom().emitter(answer -> inTime(deadline -> pool.withConnection(connection -> deadline.over(
                                connection,
                                Uni.combine()
                                        .all()
                                        .unis(
                                                connection
                                                        .query(BEGIN_READING + tenant.statement())
                                                        .execute(),
                                                work.apply(connection))
                                        .with((begun, result) -> result))
                        .invoke(answer::complete)
                        .onFailure()
                        .invoke(answer::fail)
                        .eventually(() -> connection.query("COMMIT").execute())))
                .subscribe()
                .with(returned -> {}, answer::fail));
    }

    /**
     * Rows as they come, with a cursor that the transaction holds. For a reader who is too slow for the deadline the stream
     * breaks off.
     */
    public <T> Multi<T> stream(Caller caller, Function<SqlConnection, Multi<T>> rows) {
        return Uni.createFrom()
                .<Multi<T>>emitter(reader -> inTime(deadline -> pool.withTransaction(connection -> deadline.over(
                                connection,
                                lend(
                                        reader,
                                        caller.tenant()
                                                .open(connection)
                                                .onItem()
                                                .transformToMulti(open -> rows.apply(connection))
                                                .onFailure(failure -> deadline.hasPassed())
                                                .transform(failure -> deadline.exceeded())))))
                        .subscribe()
                        .with(returned -> {}, reader::fail))
                .onItem()
                .transformToMulti(Function.identity());
    }

    /** Ends with the rows, or at once when the reader hung up while a connection was waited for: nobody asks for them. */
    private static <T> Uni<Void> lend(UniEmitter<? super Multi<T>> reader, Multi<T> rows) {
        return Uni.createFrom().emitter(returned -> {
            var asked = new AtomicBoolean();
            reader.complete(Multi.createFrom().deferred(() -> {
                asked.set(true);
                return rows.onTermination().invoke(() -> returned.complete(null));
            }));
            if (!asked.get()) {
                returned.complete(null);
            }
        });
    }

    private <T> Uni<T> inTime(Function<Deadline, Uni<T>> work) {
        return Uni.createFrom().deferred(() -> work.apply(new Deadline(limits.deadline())));
    }

    /** All are sent at once: begin and tenant go ahead, and whoever fails, fails the transaction. */
    private static <T> Uni<T> opened(String opening, SqlConnection connection, Function<SqlConnection, Uni<T>> work) {
        return Uni.combine()
                .all()
                .unis(connection.begin(), connection.query(opening).execute(), work.apply(connection))
                .with((begun, open, result) -> result);
    }

    private static <T> Uni<T> ended(SqlConnection connection, T result, @Nullable Throwable failure) {
        Transaction transaction = connection.transaction();
        if (failure == null) {
            return transaction.commit().replaceWith(result);
        }
        Uni<T> failed = Uni.createFrom().failure(failure);
        return transaction == null
                ? failed
                : transaction.rollback().onFailure().recoverWithNull().chain(() -> failed);
    }

    /** Another transaction came between, every time: what {@link #run} fails with when its retries are used up. */
    public static boolean isContention(Throwable failure) {
        return failure instanceof Problem refused && CONTENTION.equals(refused.code());
    }

    private static Problem contention() {
        return Problem.of(
                        409,
                        CONTENTION,
                        "what this request changes kept changing under it; nothing was written, try again")
                .header("Retry-After", "1");
    }

    private static boolean isRefusedByTiming(Throwable failure) {
        return failure instanceof DatabaseException refused
                && (SERIALIZATION.contains(String.valueOf(refused.getSqlState())) || isOwnerGone(refused));
    }

    private static boolean isOwnerGone(DatabaseException refused) {
        return FOREIGN_KEY_VIOLATION.equals(refused.getSqlState())
                && refused instanceof PgException postgres
                && LIVE_KEYS.contains(String.valueOf(postgres.getConstraint()));
    }
}
