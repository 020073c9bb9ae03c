package io.rollcall.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The {@code Idempotency-Key} of POSTs that create: the effect and the reply are committed together, so a repetition
 * either finds both or neither. Scope: token, method and path. Only successful replies are kept; a refusal wrote
 * nothing and is judged anew. Concurrent twins: one runs, the other is told 409 at once, by an advisory lock that ends
 * with the transaction.
 *
 * <p>Limits: a reply is kept for {@code rollcall.idempotency.retention} (24 h), then the key is new again.
 */
@ApplicationScoped
public class Idempotency {

    private static final String LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken";

    private static final String FIND = """
            SELECT fingerprint, status, headers, body FROM idempotency_keys
             WHERE actor = $1 AND method = $2 AND path = $3 AND key = $4
            """;

    private static final String KEEP = """
            INSERT INTO idempotency_keys (actor, method, path, key, fingerprint, status, headers, body)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """;

    /**
     * Does the work, unless its reply is already there.
     *
     * @param connection in a transaction, which the work must use too
     * @return the reply; a replayed one carries {@code Idempotency-Replayed: true}. Fails with 422
     *     {@code IDEMPOTENCY_KEY_REUSED} for another body under the same key, 409 while the first request runs
     */
    public Uni<Reply> once(SqlConnection connection, IdempotencyKey key, Supplier<Uni<Reply>> work) {
        return once(connection, key, Seal.NONE, work);
    }

    /**
     * As {@link #once}, for replies with a secret in them: what is kept of one can be read only with the given secret of
     * the caller's, which the database does not have.
     */
    public Uni<Reply> onceSealed(
            SqlConnection connection, IdempotencyKey key, String callersSecret, Supplier<Uni<Reply>> work) {
        return once(connection, key, Seal.with(callersSecret), work);
    }

    private static Uni<Reply> once(SqlConnection connection, IdempotencyKey key, Seal seal, Supplier<Uni<Reply>> work) {
        if (!key.isPresent()) {
            return work.get();
        }
        // Both statements leave at once; the second one's snapshot is taken when the lock has been.
        var lock = connection.preparedQuery(LOCK).execute(Tuple.of(key.lockName()));
        var find = connection.preparedQuery(FIND).execute(key.columns());
        return Uni.combine().all().unis(lock, find).asTuple().chain(both -> {
            if (!both.getItem1().iterator().next().getBoolean("taken")) {
                throw Problem.of(409, "IDEMPOTENCY_KEY_IN_USE", "a request with this Idempotency-Key is still running")
                        .header("Retry-After", "1");
            }
            RowSet<Row> kept = both.getItem2();
            return kept.size() > 0
                    ? Uni.createFrom().item(replay(kept.iterator().next(), key, seal))
                    : work.get().call(reply -> keep(connection, key, seal, reply));
        });
    }

    private static Reply replay(Row row, IdempotencyKey key, Seal seal) {
        if (!MessageDigest.isEqual(row.getBuffer("fingerprint").getBytes(), key.fingerprint())) {
            throw Problem.of(
                    422,
                    "IDEMPOTENCY_KEY_REUSED",
                    "this Idempotency-Key was used with another body; use a new key for a new request");
        }
        Map<String, String> headers = new TreeMap<>();
        row.getJsonObject("headers").forEach(header -> headers.put(header.getKey(), String.valueOf(header.getValue())));
        Reply first = new Reply(
                row.getInteger("status"),
                headers,
                seal.open(row.getBuffer("body").getBytes(), key));
        return first.with("Idempotency-Replayed", "true");
    }

    private static Uni<?> keep(SqlConnection connection, IdempotencyKey key, Seal seal, Reply reply) {
        Tuple values = key.columns()
                .addBuffer(Buffer.buffer(key.fingerprint()))
                .addInteger(reply.status())
                .addJsonObject(new JsonObject(Map.copyOf(reply.headers())))
                .addBuffer(Buffer.buffer(seal.close(reply.body(), key)));
        return connection.preparedQuery(KEEP).execute(values);
    }
}
