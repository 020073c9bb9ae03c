package io.rollcall.heartbeat;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which incidents the webhook has yet to be told. Whoever takes one moves its time ahead: the lease, after which another
 * takes it over from a replica that died. Posts are counted when they begin, so that one that kills its replica is not
 * made for ever.
 */
@ApplicationScoped
class NoticeRepository {

    private static final String TAKE = """
            WITH clock AS MATERIALIZED (SELECT COALESCE($1::timestamptz, now()) AS now),
            due AS MATERIALIZED (
                SELECT i.id FROM incidents i
                 WHERE i.notify_at IS NOT NULL AND i.notify_at <= (SELECT c.now FROM clock c)
                 ORDER BY i.notify_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)
            UPDATE incidents i
               SET notify_at = CASE WHEN i.raised_at >= c.now - make_interval(secs => $4)
                                    THEN c.now + make_interval(secs => $3) END,
                   notify_attempts = i.notify_attempts + 1
              FROM due, clock c
             WHERE i.id = due.id
            RETURNING $COLUMNS, i.notify_attempts, i.notify_at IS NULL AS given_up
            """.replace("$COLUMNS", Incident.COLUMNS);

    /** Unless another has taken it over since. */
    private static final String SETTLE = """
            UPDATE incidents i
               SET notified_at = CASE WHEN done.delivered THEN COALESCE($1::timestamptz, now()) ELSE i.notified_at END,
                   notify_at = CASE WHEN NOT done.delivered
                                    THEN COALESCE($1::timestamptz, now()) + make_interval(secs => done.pause) END
              FROM unnest($2::bigint[], $3::int[], $4::boolean[], $5::float8[]) AS done (id, attempts, delivered, pause)
             WHERE i.id = done.id AND i.notify_attempts = done.attempts AND i.notify_at IS NOT NULL
            """;

    /**
     * An incident to be told.
     *
     * @param attempts this one included
     * @param isGivenUp it is too old to be news; nobody is to be told any more
     */
    record Notice(Incident incident, int attempts, boolean isGivenUp) {}

    /**
     * What became of it.
     *
     * @param pause until it is tried again if it was not delivered
     */
    record Told(Notice notice, boolean delivered, Duration pause) {}

    Uni<List<Notice>> take(
            SqlConnection connection, @Nullable OffsetDateTime now, int most, Duration lease, Duration news) {
        return connection
                .preparedQuery(TAKE)
                .execute(Tuple.of(now, most, (double) lease.toSeconds(), (double) news.toSeconds()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map((Row row) -> new Notice(
                                Incident.of(row), row.getInteger("notify_attempts"), row.getBoolean("given_up")))
                        .toList());
    }

    Uni<Void> settle(SqlConnection connection, @Nullable OffsetDateTime now, List<Told> outcomes) {
        Tuple values = Tuple.tuple()
                .addOffsetDateTime(now)
                .addArrayOfLong(outcomes.stream()
                        .map(outcome -> outcome.notice().incident().id())
                        .toArray(Long[]::new))
                .addArrayOfInteger(outcomes.stream()
                        .map(outcome -> outcome.notice().attempts())
                        .toArray(Integer[]::new))
                .addArrayOfBoolean(outcomes.stream().map(Told::delivered).toArray(Boolean[]::new))
                .addArrayOfDouble(outcomes.stream()
                        .map(outcome -> (double) outcome.pause().toSeconds())
                        .toArray(Double[]::new));
        return connection.preparedQuery(SETTLE).execute(values).replaceWithVoid();
    }
}
