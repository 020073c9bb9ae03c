package io.rollcall.access;

import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * When a request's work in the database is given up, over all its attempts. The server is asked to cancel the statement,
 * so that its locks go, and the connection is closed, on which everything then fails at once, be the server silent or
 * not. The pool opens another: on this one a late cancel could hit the statement of whoever came next.
 *
 * <p>Given up is what has not ended; what has ended is committed and waited for. So who is told {@code DEADLINE_EXCEEDED}
 * has written nothing.
 */
final class Deadline {

    private final Duration limit;
    private final long start = System.nanoTime();

    /** Begins now. */
    Deadline(Duration limit) {
        this.limit = limit;
    }

    /** The outcome of the work that is done on this connection alone, or {@link #exceeded} when it does not end in time. */
    <T> Uni<T> over(SqlConnection connection, Uni<T> work) {
        return work.ifNoItem().after(left()).recoverWithUni(() -> giveUp(connection));
    }

    boolean hasPassed() {
        return System.nanoTime() - start >= limit.toNanos();
    }

    Problem exceeded() {
        return Problem.of(
                        503,
                        "DEADLINE_EXCEEDED",
                        "the database was not done within " + limit.toSeconds()
                                + " seconds (rollcall.http.deadline); nothing was written, send the request again, with"
                                + " the same Idempotency-Key if it had one")
                .with("limit_ms", limit.toMillis())
                .header("Retry-After", "5");
    }

    private Duration left() {
        Duration left = limit.minusNanos(System.nanoTime() - start);
        return left.toMillis() > 0 ? left : Duration.ofMillis(1);
    }

    /** Ends when the pool has taken notice as well: until then it would give the closed connection to the next who asks. */
    private <T> Uni<T> giveUp(SqlConnection connection) {
        var socket = (SocketConnectionBase)
                ((SqlConnectionInternal) connection.getDelegate()).unwrap().unwrap();
        Executor loop = socket.socket().channelHandlerContext().executor();
        return Uni.createFrom()
                .emitter(outcome -> loop.execute(() -> {
                    if (!socket.isValid()) {
                        outcome.fail(exceeded());
                        return;
                    }
                    connection.closeHandler(() -> loop.execute(() -> outcome.fail(exceeded())));
                    PgConnection.cast(connection.getDelegate()).cancelRequest();
                    socket.socket().close();
                }));
    }
}
