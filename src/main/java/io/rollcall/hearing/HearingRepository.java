package io.rollcall.hearing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** What a sweep asks the database of itself and of all agents. {@code $1} moves the clock in tests. */
@ApplicationScoped
public class HearingRepository {

    private static final String MOMENT =
            "SELECT COALESCE($1::timestamptz, now()) AS now, pg_postmaster_start_time() AS database_started";

    /** The pool forbids sequential scans; tables of beats have nothing else to be read by. */
    private static final String SCAN = "SET LOCAL enable_seqscan = on";

    /** Whoever beats, for itself or for a delegation, is one who is heard. */
    private static final String HEARING = """
            WITH clock AS MATERIALIZED (SELECT COALESCE($1::timestamptz, now()) AS now)
            SELECT count(*) AS live,
                   count(*) FILTER (WHERE agent.heard_at < (SELECT c.now FROM clock c) - make_interval(secs => $2 / 2))
                       AS quiet
              FROM (SELECT max(heard.beat_at) AS heard_at FROM (
                        SELECT d.callee_id AS workspace_id, COALESCE(d.agent_id, '') AS agent_id, b.beat_at
                          FROM delegation_beats b JOIN delegations d ON d.id = b.delegation
                         WHERE b.beat_at >= (SELECT c.now FROM clock c) - make_interval(secs => $2 * 2)
                         UNION ALL
                        SELECT h.workspace_id, h.agent_id, h.beat_at FROM heartbeats h
                         WHERE h.live AND h.beat_at >= (SELECT c.now FROM clock c) - make_interval(secs => $2 * 2)) heard
                     GROUP BY heard.workspace_id, heard.agent_id) agent
            """;

    Uni<Moment> moment(SqlConnection connection, @Nullable OffsetDateTime now) {
        return connection.preparedQuery(MOMENT).execute(Tuple.of(now)).map(rows -> {
            Row row = rows.iterator().next();
            return new Moment(row.getOffsetDateTime("now"), row.getOffsetDateTime("database_started"));
        });
    }

    Uni<Hearing> hearing(SqlConnection connection, @Nullable OffsetDateTime now, Duration silence) {
        return connection
                .query(SCAN)
                .execute()
                .chain(() -> connection.preparedQuery(HEARING).execute(Tuple.of(now, silence.toMillis() / 1000.0)))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new Hearing(row.getLong("live"), row.getLong("quiet"));
                });
    }
}
