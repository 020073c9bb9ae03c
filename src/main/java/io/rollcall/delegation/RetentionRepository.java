package io.rollcall.delegation;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How what is old is deleted. An event can go only after its delegation, so these are two statements. */
@ApplicationScoped
class RetentionRepository {

    static final int BATCH = 1000;

    /** A window of the walk: what of it went, how far it reached, and whether there can be more behind. */
    private static final String FORGET = """
            WITH line AS MATERIALIZED (
                SELECT COALESCE($1::timestamptz, now()) - make_interval(secs => $2) AS at),
            seen AS MATERIALIZED (
                SELECT d.id, d.created_at, d.finished_at FROM delegations d WHERE d.id > $3 ORDER BY d.id LIMIT $4),
            old AS MATERIALIZED (
                SELECT d.id FROM delegations d
                 WHERE d.id = ANY (ARRAY(SELECT s.id FROM seen s WHERE s.finished_at < (SELECT l.at FROM line l)))
                 ORDER BY d.id FOR UPDATE SKIP LOCKED),
            gone AS (DELETE FROM delegations d USING old o WHERE d.id = o.id RETURNING d.id)
            SELECT (SELECT array_agg(g.id) FROM gone g) AS gone, max(s.id) AS up_to,
                   count(*) = $4 AND NOT bool_or(s.created_at >= (SELECT l.at FROM line l)) AS more
              FROM seen s
            """;

    private static final String FORGET_WITH_THEM = """
            WITH payloads AS (DELETE FROM delegation_payloads p WHERE p.delegation = ANY ($1::bigint[])),
            messages AS (DELETE FROM inbox_messages m WHERE m.delegation = ANY ($1::bigint[]))
            DELETE FROM delegation_events e WHERE e.delegation = ANY ($1::bigint[])
            """;

    /** Without a lock of its own, which the serving role may not take here: who comes second finds the rows gone. */
    private static final String FORGET_ACTIVITY = """
            WITH seen AS MATERIALIZED (
                SELECT a.id, a.created_at FROM activity_logs a ORDER BY a.id LIMIT $3)
            DELETE FROM activity_logs a
             WHERE a.id = ANY (ARRAY(
                       SELECT s.id FROM seen s
                        WHERE s.created_at < COALESCE($1::timestamptz, now()) - make_interval(secs => $2)
                        ORDER BY s.id))
            """;

    /**
     * @param ids of the delegations that went
     * @param upTo the last one that was looked at
     * @param isMoreBehind whether there are others that may be old enough
     */
    record Forgotten(List<Long> ids, long upTo, boolean isMoreBehind) {}

    /** Looks at the batch behind a delegation. */
    Uni<Forgotten> forget(
            SqlConnection connection, @Nullable OffsetDateTime now, Duration retention, long after, int batch) {
        return connection
                .preparedQuery(FORGET)
                .execute(Tuple.of(now, (double) retention.toSeconds(), after, batch))
                .map(rows -> forgotten(rows.iterator().next()))
                .call(forgotten -> forgotten.ids().isEmpty()
                        ? Uni.createFrom().voidItem()
                        : connection
                                .preparedQuery(FORGET_WITH_THEM)
                                .execute(Tuple.of(forgotten.ids().toArray(Long[]::new))));
    }

    /** @return how many lines went; fewer than the batch when no others are old */
    Uni<Integer> forgetActivity(SqlConnection connection, @Nullable OffsetDateTime now, Duration retention, int batch) {
        return connection
                .preparedQuery(FORGET_ACTIVITY)
                .execute(Tuple.of(now, (double) retention.toSeconds(), batch))
                .map(rows -> rows.rowCount());
    }

    private static Forgotten forgotten(Row row) {
        Long upTo = row.getLong("up_to");
        if (upTo == null) {
            return new Forgotten(List.of(), 0, false);
        }
        Long[] gone = row.getArrayOfLongs("gone");
        return new Forgotten(gone == null ? List.of() : List.of(gone), upTo, row.getBoolean("more"));
    }
}
