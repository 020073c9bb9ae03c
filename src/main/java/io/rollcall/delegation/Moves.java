package io.rollcall.delegation;

import static io.rollcall.delegation.Creation.column;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reports of callees move delegations. One statement locks the rows, judges each report by what it then sees, and writes;
 * events, activity and inbox follow by the table's triggers.
 *
 * <p>A report is applied; or replayed, when the delegation has that status already: nothing happens, but detail that
 * was missing is filled in; or fenced, when it names another attempt than the present one; or illegal, when there
 * is no way from the present status. A fenced or illegal end is kept as a {@code late_result} event, once however often it
 * is sent, and so is a replayed one that says something else than the first: nobody's work is thrown away
 * (molecule-core #4314). Only the callee moves a delegation, or an admin.
 */
@ApplicationScoped
class Moves {

    private static final String MOVE = """
            WITH asked AS MATERIALIZED (
                SELECT a.ordinal, a.delegation_id, a.status, a.attempt, a.progress, a.result_preview, a.result,
                       a.error_detail, a.outcome, a.actor, a.acting, a.sha256
                  FROM unnest($3::text[], $4::text[], $5::bigint[], $6::float8[], $7::text[], $8::text[], $9::text[],
                              $10::text[], $11::text[], $12::uuid[], $13::text[])
                       WITH ORDINALITY
                       AS a (delegation_id, status, attempt, progress, result_preview, result, error_detail, outcome, actor,
                             acting, sha256, ordinal)),
            locked AS MATERIALIZED (
                SELECT a.ordinal, d AS whole
                  FROM asked a JOIN delegations d ON d.delegation_id = a.delegation_id AND ($2::uuid IS NULL OR d.org_id = $2)
                 ORDER BY d.id
                   FOR NO KEY UPDATE OF d),
            judged AS MATERIALIZED (
                SELECT a.ordinal, a.status, a.attempt, a.progress, a.result_preview, a.result, a.error_detail, a.outcome,
                       a.actor, a.sha256, l.whole, (l.whole).id, (l.whole).org_id,
                       CASE WHEN l.whole IS NULL THEN 'unknown'
                            WHEN count(*) OVER (PARTITION BY a.ordinal) > 1 THEN 'ambiguous'
                            WHEN a.acting NOT IN ((l.whole).callee_id, (l.whole).caller_id) THEN 'unknown'
                            WHEN a.acting <> (l.whole).callee_id THEN 'forbidden'
                            WHEN a.attempt <> (l.whole).attempt THEN 'fenced'
                            WHEN a.status = (l.whole).status THEN 'replayed'
                            WHEN (l.whole).finished_at IS NULL AND delegation_may_become((l.whole).status, a.status)
                                 THEN 'applied'
                            ELSE 'illegal' END AS verdict,
                       a.status = (l.whole).status AND (l.whole).finished_at IS NOT NULL AND (
                            a.error_detail <> (l.whole).error_detail
                         OR a.result_preview <> (l.whole).result_preview
                         OR a.result <> (SELECT p.body FROM delegation_payloads p
                                          WHERE p.delegation = (l.whole).id AND p.kind = 'result')) AS differs
                  FROM asked a LEFT JOIN locked l ON l.ordinal = a.ordinal),
            moved AS (
                UPDATE delegations d
                   SET status = j.status,
                       outcome = CASE j.status WHEN 'failed' THEN COALESCE(j.outcome, 'error') WHEN 'stuck' THEN 'lost' END,
                       finished_at = CASE WHEN j.status = 'stuck' AND $14 THEN now() END,
                       progress = j.progress,
                       result_preview = COALESCE(j.result_preview, d.result_preview),
                       error_detail = COALESCE(j.error_detail, d.error_detail),
                       event_actor = j.actor,
                       event_reason = left(j.error_detail, 500)
                  FROM judged j
                 WHERE d.id = j.id AND j.verdict = 'applied'
                RETURNING d AS whole),
            filled AS (
                UPDATE delegations d
                   SET result_preview = COALESCE(d.result_preview, j.result_preview),
                       error_detail = COALESCE(d.error_detail, j.error_detail)
                  FROM judged j
                 WHERE d.id = j.id AND j.verdict = 'replayed'
                   AND (d.result_preview IS NULL AND j.result_preview IS NOT NULL
                        OR d.error_detail IS NULL AND j.error_detail IS NOT NULL)
                RETURNING d AS whole),
            progressed AS (
                UPDATE delegation_beats b SET progress = j.progress
                  FROM judged j
                 WHERE b.delegation = j.id AND j.progress IS NOT NULL
                   AND (j.verdict = 'replayed' OR j.verdict = 'applied' AND j.status IN ('dispatched', 'in_progress'))
                RETURNING b.delegation, b.progress),
            brought AS (
                INSERT INTO delegation_payloads (delegation, kind, org_id, body)
                SELECT j.id, 'result', j.org_id, j.result FROM judged j
                 WHERE j.verdict IN ('applied', 'replayed') AND j.result IS NOT NULL AND j.differs IS NOT TRUE
                ON CONFLICT DO NOTHING),
            evidence AS (
                INSERT INTO delegation_events (delegation, org_id, kind, to_status, actor, attempt, reason, at, detail,
                                               result, sha256)
                SELECT j.id, j.org_id, 'late_result', j.status, j.actor, COALESCE(j.attempt, (j.whole).attempt),
                       CASE j.verdict WHEN 'fenced' THEN 'attempt ' || j.attempt || ' is not ' || (j.whole).attempt
                                      ELSE 'it was ' || (j.whole).status || ' already' END,
                       clock_timestamp(),
                       json_build_object('result_preview', j.result_preview, 'error_detail', j.error_detail),
                       j.result, decode(j.sha256, 'hex')
                  FROM judged j
                 WHERE j.status IN ('completed', 'failed')
                   AND (j.verdict IN ('fenced', 'illegal') OR j.verdict = 'replayed' AND j.differs)
                ON CONFLICT DO NOTHING)
            SELECT j.ordinal, j.verdict, \
            """ + DelegationRow.COLUMNS + """
              FROM judged j
              LEFT JOIN moved m ON (m.whole).id = j.id
              LEFT JOIN filled f ON (f.whole).id = j.id
              LEFT JOIN progressed g ON g.delegation = j.id
             CROSS JOIN LATERAL (SELECT (COALESCE(m.whole, f.whole, j.whole)).*) d
              LEFT JOIN LATERAL (SELECT k.beat_at, COALESCE(g.progress, k.progress) AS progress
                                   FROM delegation_beats k WHERE k.delegation = j.id LIMIT 1) b ON true
             ORDER BY j.ordinal
            """;

    private final LedgerSettings settings;

    Moves(LedgerSettings settings) {
        this.settings = settings;
    }

    /** @param outcome {@code applied} or {@code replayed} */
    @RegisterForReflection
    @Schema(name = "DelegationReported")
    record Moved(
            @Schema(
                    enumeration = {"applied", "replayed"},
                    description =
                            "`replayed` when it had that status already: no event, but missing detail is filled in")
            String outcome,

            Delegation delegation) {}

    /** Refused with 403, 404, or with 409 and the delegation as it is. No two of them may be of one delegation. */
    Uni<List<Uni<Moved>>> write(SqlConnection connection, @Nullable UUID organisation, List<Move> moves) {
        return connection
                .preparedQuery(MOVE)
                .execute(values(organisation, moves))
                .map(rows -> {
                    var results = new ArrayList<Uni<Moved>>();
                    long last = 0;
                    for (Row row : rows) {
                        long ordinal = row.getLong("ordinal");
                        // An id that two organisations have makes two rows.
                        if (ordinal != last) {
                            results.add(result(row, moves.get((int) ordinal - 1)));
                        }
                        last = ordinal;
                    }
                    return results;
                });
    }

    private static Uni<Moved> result(Row row, Move move) {
        String verdict = row.getString("verdict");
        return switch (verdict) {
            case "applied", "replayed" -> Uni.createFrom().item(new Moved(verdict, DelegationRow.map(row)));
            case "fenced" ->
                refused(Problem.of(
                                409,
                                "FENCED",
                                "attempt " + move.report().attempt() + " is not the present one, which is "
                                        + row.getLong("attempt") + "; stop working on it")
                        .with("delegation", DelegationRow.map(row)));
            case "illegal" ->
                refused(Problem.of(
                                409,
                                "ILLEGAL_TRANSITION",
                                "the delegation is " + row.getString("status") + " and cannot become "
                                        + move.report().status().word())
                        .with("delegation", DelegationRow.map(row)));
            case "forbidden" ->
                refused(Problem.of(403, "FORBIDDEN", "only its callee, or an admin, may move a delegation"));
            case "ambiguous" -> refused(ambiguous(move.delegationId()));
            default -> refused(Problem.notFound("delegation", move.delegationId()));
        };
    }

    private static Uni<Moved> refused(Problem problem) {
        return Uni.createFrom().failure(problem);
    }

    /** To the platform's admin, who has no organisation of their own. */
    static Problem ambiguous(String delegationId) {
        return Problem.of(
                409,
                "AMBIGUOUS_ID",
                "several organisations have a delegation " + delegationId + "; use a token of the one that is meant");
    }

    private Tuple values(@Nullable UUID organisation, List<Move> moves) {
        return Tuple.tuple()
                .addDouble((double) settings.stuckAfter().toSeconds())
                .addUUID(organisation)
                .addArrayOfString(column(moves, Move::delegationId, String[]::new))
                .addArrayOfString(column(moves, move -> move.report().status().word(), String[]::new))
                .addArrayOfLong(column(moves, move -> move.report().attempt(), Long[]::new))
                .addArrayOfDouble(column(moves, move -> move.report().progress(), Double[]::new))
                .addArrayOfString(column(moves, move -> move.report().resultPreview(), String[]::new))
                .addArrayOfString(column(moves, move -> move.report().result(), String[]::new))
                .addArrayOfString(column(moves, move -> move.report().errorDetail(), String[]::new))
                .addArrayOfString(column(moves, move -> move.report().outcome(), String[]::new))
                .addArrayOfString(column(moves, Move::actor, String[]::new))
                .addArrayOfUUID(column(moves, Move::acting, UUID[]::new))
                .addArrayOfString(column(moves, Move::sha256, String[]::new))
                .addBoolean(settings.stuck() == LedgerSettings.Stuck.FINAL);
    }
}
