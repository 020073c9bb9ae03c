package io.rollcall.delegation;

import static io.rollcall.delegation.Creation.column;

import io.rollcall.access.Caller;
import io.rollcall.http.Document;
import io.rollcall.http.Problem;
import io.rollcall.http.Texts;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Signs of life of who works on a delegation. A beat writes its narrow row alone, and only while the delegation is in flight:
 * the row goes with the delegation's end, so a beat that comes at the same time is either before it or finds no row.
 *
 * <p>How beats reach it, and are answered, is the business of {@code heartbeat}.
 */
@ApplicationScoped
public class DelegationBeats {

    private static final String BEAT = """
            WITH asked AS MATERIALIZED (
                SELECT a.ordinal, a.delegation_id, a.org_id, a.attempt, a.progress, a.note, a.acting
                  FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::float8[], $5::text[], $6::uuid[]) WITH ORDINALITY
                       AS a (delegation_id, org_id, attempt, progress, note, acting, ordinal)),
            found AS MATERIALIZED (
                SELECT a.ordinal, a.progress, a.note, d.id, d.status, d.attempt, d.cancel_requested_at, d.deadline,
                       CASE WHEN d.id IS NULL THEN 'unknown'
                            WHEN count(*) OVER (PARTITION BY a.ordinal) > 1 THEN 'ambiguous'
                            WHEN a.acting NOT IN (d.callee_id, d.caller_id) THEN 'unknown'
                            WHEN a.acting <> d.callee_id THEN 'forbidden'
                            WHEN a.attempt <> d.attempt THEN 'fenced'
                            WHEN d.finished_at IS NOT NULL THEN 'ended'
                            ELSE 'alive' END AS verdict
                  FROM asked a
                  LEFT JOIN delegations d ON d.delegation_id = a.delegation_id
                       AND (a.org_id IS NULL OR d.org_id = a.org_id)),
            beaten AS (
                UPDATE delegation_beats b
                   SET beat_at = now(), progress = COALESCE(f.progress, b.progress), note = COALESCE(f.note, b.note)
                  FROM ($ALIVE) f
                 WHERE b.delegation = f.id
                RETURNING b.delegation)
            SELECT f.ordinal, f.verdict, f.status, f.attempt, f.cancel_requested_at IS NOT NULL AS cancel_requested,
                   GREATEST(0, round(extract(epoch FROM f.deadline - now()) * 1000))::bigint AS deadline_in_ms,
                   f.verdict = 'alive' AND b.delegation IS NOT NULL AS recorded
              FROM found f LEFT JOIN beaten b ON b.delegation = f.id
             ORDER BY f.ordinal
            """;

    private static final String BEAT_ALL = BEAT.replace("$ALIVE", """
            SELECT g.id, g.progress, g.note FROM found g WHERE g.verdict = 'alive' ORDER BY g.id""");

    /** Without those whose row somebody else has locked. */
    private static final String BEAT_WHO_IS_FREE = BEAT.replace("$ALIVE", """
            SELECT g.id, g.progress, g.note FROM found g JOIN delegation_beats l ON l.delegation = g.id
             WHERE g.verdict = 'alive' ORDER BY g.id FOR NO KEY UPDATE OF l SKIP LOCKED""");

    private static final int LONGEST_NOTE = 200;

    /**
     * One beat.
     *
     * @param organisation in which alone it may be; null: in any
     * @param acting the workspace for which alone its author may speak; null: for all of the organisation
     */
    public record Beat(
            String delegationId,
            @Nullable UUID organisation,
            @Nullable Long attempt,
            @Nullable Double progress,
            @Nullable String note,
            @Nullable UUID acting) {

        /** As {@link #read} for an id from a request's path. Fails with 404 when no row can have it. */
        public static Beat read(Caller caller, String pathId, Document document) {
            return of(caller, DelegationId.fromPath(pathId), document);
        }

        /** From an object that names the delegation; null when it does not. Notes what is wrong. */
        public static @Nullable Beat read(Caller caller, Document document) {
            if (document.value("delegation_id") == null) {
                document.fault("delegation_id", "is required");
            }
            String delegationId = DelegationId.read(document, "delegation_id");
            return delegationId == null ? null : of(caller, delegationId, document);
        }

        /** Fields it does not know are a newer agent's. */
        private static Beat of(Caller caller, String delegationId, Document document) {
            String note = document.text("note", Integer.MAX_VALUE);
            return new Beat(
                    delegationId,
                    caller.organisation(),
                    Report.attempt(document),
                    document.number("progress"),
                    note == null ? null : Texts.cut(note, LONGEST_NOTE),
                    caller.workspace());
        }
    }

    /**
     * What became of a beat.
     *
     * @param refusal why it was not recorded: {@code ENDED}, or {@code FENCED} when it is at another attempt; null when it was
     * @param deadlineInMs by the database's clock; 0 when it has passed
     */
    public record Beaten(
            @Nullable String refusal, String status, long attempt, boolean cancelRequested, long deadlineInMs) {

        public boolean recorded() {
            return refusal == null;
        }
    }

    /**
     * With one statement, whoever they are of: in a transaction that works for all organisations, since each beat names its
     * own. Each result answers one, in their order; refused with 403, 404, 409 or 503. Of several of one
     * delegation any one's progress is kept.
     *
     * @param passOver leaves out whose row somebody else has locked, with 503; otherwise they are waited for
     */
    public Uni<List<Uni<Beaten>>> write(SqlConnection connection, List<Beat> beats, boolean passOver) {
        if (beats.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        Tuple values = Tuple.tuple()
                .addArrayOfString(column(beats, Beat::delegationId, String[]::new))
                .addArrayOfUUID(column(beats, Beat::organisation, UUID[]::new))
                .addArrayOfLong(column(beats, Beat::attempt, Long[]::new))
                .addArrayOfDouble(column(beats, Beat::progress, Double[]::new))
                .addArrayOfString(column(beats, Beat::note, String[]::new))
                .addArrayOfUUID(column(beats, Beat::acting, UUID[]::new));
        return connection
                .preparedQuery(passOver ? BEAT_WHO_IS_FREE : BEAT_ALL)
                .execute(values)
                .map(rows -> {
                    var results = new ArrayList<Uni<Beaten>>();
                    long last = 0;
                    for (Row row : rows) {
                        long ordinal = row.getLong("ordinal");
                        if (ordinal != last) {
                            results.add(result(row, beats.get((int) ordinal - 1), passOver));
                        }
                        last = ordinal;
                    }
                    return results;
                });
    }

    private static Uni<Beaten> result(Row row, Beat beat, boolean passOver) {
        String verdict = row.getString("verdict");
        if (passOver && verdict.equals("alive") && !row.getBoolean("recorded")) {
            return Uni.createFrom()
                    .failure(Problem.unavailable("somebody else holds the delegation; nothing was written"));
        }
        return switch (verdict) {
            case "unknown" -> Uni.createFrom().failure(Problem.notFound("delegation", beat.delegationId()));
            case "ambiguous" -> Uni.createFrom().failure(Moves.ambiguous(beat.delegationId()));
            case "forbidden" ->
                Uni.createFrom()
                        .failure(Problem.of(
                                403, "FORBIDDEN", "only its callee, or an admin, may beat for a delegation"));
            default ->
                Uni.createFrom()
                        .item(new Beaten(
                                row.getBoolean("recorded") ? null : verdict.equals("fenced") ? "FENCED" : "ENDED",
                                row.getString("status"),
                                row.getLong("attempt"),
                                row.getBoolean("cancel_requested"),
                                row.getLong("deadline_in_ms")));
        };
    }
}
