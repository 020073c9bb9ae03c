package io.rollcall.events;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The SQL by which events get their numbers, and are forgotten. */
@ApplicationScoped
class SequenceRepository {

    /** Writes nothing when there is nothing to do, and waits for nobody. By the index: the table may be many dead rows. */
    private static final String TURN = """
            SELECT s.last FROM event_sequence s WHERE (SELECT true FROM event_outbox o ORDER BY o.id LIMIT 1)
               FOR NO KEY UPDATE OF s SKIP LOCKED
            """;

    /** A statement of its own, after the lock: it sees all that whoever had the lock before has done. */
    private static final String NUMBER = """
            WITH taken AS (
                DELETE FROM event_outbox o
                 WHERE o.id = ANY (ARRAY (SELECT d.id FROM event_outbox d ORDER BY d.id LIMIT $2))
                RETURNING o.id, o.org_id, o.event, o.workspace_id, o.delegation_id, o.at, o.payload),
            numbered AS (
                INSERT INTO events AS e (seq, org_id, event, workspace_id, delegation_id, at, payload)
                SELECT $1::bigint + row_number() OVER (ORDER BY t.id), t.org_id, t.event, t.workspace_id, t.delegation_id,
                       t.at, t.payload
                  FROM taken t
                RETURNING e.seq, e.at)
            UPDATE event_sequence s SET last = n.last
              FROM (SELECT max(b.seq) AS last, min(b.at) AS oldest FROM numbered b) n
             WHERE n.last IS NOT NULL
            RETURNING n.last - $1::bigint AS count, extract(epoch FROM clock_timestamp() - n.oldest)::float8 AS waited
            """;

    /** What waits longest, whoever has the lock. */
    private static final String OLDEST = """
            SELECT extract(epoch FROM clock_timestamp() - o.at)::float8 AS waited FROM event_outbox o ORDER BY o.id LIMIT 1
            """;

    /** Numbers and times grow together, so the first that is too young ends the walk. */
    private static final String FORGET = """
            WITH old AS (
                SELECT max(o.seq) AS seq FROM (
                       SELECT w.seq FROM (
                              SELECT e.seq, e.numbered_at FROM events e ORDER BY e.seq LIMIT $3) w
                        WHERE w.numbered_at < (SELECT COALESCE($1::timestamptz, now())) - make_interval(secs => $2)) o),
            gone AS (DELETE FROM events e WHERE e.seq <= (SELECT old.seq FROM old) RETURNING e.seq)
            UPDATE event_sequence s SET floor = greatest(s.floor, g.last)
              FROM (SELECT max(b.seq) AS last, count(*) AS count FROM gone b) g
             WHERE g.last IS NOT NULL
            RETURNING g.count
            """;

    /**
     * What one transaction numbered.
     *
     * @param waited for how many seconds the oldest of them had waited; of none, the oldest that is there
     * @param more whether it was as many as it might be
     */
    record Numbered(int count, double waited, boolean more) {
        static final Numbered NONE = new Numbered(0, 0, false);
    }

    /** Empty when there is nothing to number, or another replica is at it. */
    Uni<Optional<Long>> turn(SqlConnection connection) {
        return connection
                .preparedQuery(TURN)
                .execute()
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getLong("last")));
    }

    Uni<Numbered> number(SqlConnection connection, long last, int batch) {
        return connection.preparedQuery(NUMBER).execute(Tuple.of(last, batch)).map(rows -> {
            if (rows.size() == 0) {
                return Numbered.NONE;
            }
            Row row = rows.iterator().next();
            int count = row.getInteger("count");
            return new Numbered(count, row.getDouble("waited"), count == batch);
        });
    }

    /** None, and how long the oldest has been waiting meanwhile. */
    Uni<Numbered> none(SqlConnection connection) {
        return connection
                .preparedQuery(OLDEST)
                .execute()
                .map(rows -> rows.size() == 0
                        ? Numbered.NONE
                        : new Numbered(0, rows.iterator().next().getDouble("waited"), false));
    }

    /**
     * @param now null for the database's clock
     * @return how many it forgot
     */
    Uni<Integer> forget(SqlConnection connection, @Nullable OffsetDateTime now, Duration retention, int batch) {
        Tuple values = Tuple.tuple()
                .addOffsetDateTime(now)
                .addDouble(retention.toMillis() / 1000.0)
                .addInteger(batch);
        return connection
                .preparedQuery(FORGET)
                .execute(values)
                .map(rows -> rows.size() == 0 ? 0 : rows.iterator().next().getInteger("count"));
    }
}
