package io.rollcall.delegation;

import static io.rollcall.delegation.Creation.column;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.access.Caller;
import io.rollcall.http.Document;
import io.rollcall.http.Problem;
import io.rollcall.http.Texts;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Signs of life of who works on a delegation. A beat writes its narrow row alone, and only while the delegation is in flight:
 * the row goes with the delegation's end, so a beat that comes at the same time is either before it or finds no row.
 */
@ApplicationScoped
class Beats {

    private static final String BEAT = """
            WITH asked AS MATERIALIZED (
                SELECT a.ordinal, a.delegation_id, a.attempt, a.progress, a.note, a.acting
                  FROM unnest($2::text[], $3::bigint[], $4::float8[], $5::text[], $6::uuid[]) WITH ORDINALITY
                       AS a (delegation_id, attempt, progress, note, acting, ordinal)),
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
                  LEFT JOIN delegations d ON d.delegation_id = a.delegation_id AND ($1::uuid IS NULL OR d.org_id = $1)),
            beaten AS (
                UPDATE delegation_beats b
                   SET beat_at = now(), progress = COALESCE(f.progress, b.progress), note = COALESCE(f.note, b.note)
                  FROM (SELECT g.id, g.progress, g.note FROM found g WHERE g.verdict = 'alive' ORDER BY g.id) f
                 WHERE b.delegation = f.id
                RETURNING b.delegation)
            SELECT f.ordinal, f.verdict, f.status, f.attempt, f.cancel_requested_at IS NOT NULL AS cancel_requested,
                   GREATEST(0, round(extract(epoch FROM f.deadline - now()) * 1000))::bigint AS deadline_in_ms,
                   b.delegation IS NOT NULL AS recorded
              FROM found f LEFT JOIN beaten b ON b.delegation = f.id
             ORDER BY f.ordinal
            """;

    private static final int LONGEST_NOTE = 200;

    /** What agents are told about beats. */
    @ConfigMapping(prefix = "rollcall.heartbeats")
    interface Settings {
        /** How often agents are to beat. */
        @WithDefault("30s")
        Duration interval();
    }

    private final Settings settings;

    Beats(Settings settings) {
        this.settings = settings;
    }

    /** @param acting the workspace for which alone its author may speak; null: for all of the organisation */
    record Beat(
            String delegationId,
            @Nullable Long attempt,
            @Nullable Double progress,
            @Nullable String note,
            @Nullable UUID acting) {

        /** Fields it does not know are a newer agent's. */
        static Beat read(Caller caller, String delegationId, byte[] body) {
            Document document = Document.parse(body.length == 0 ? new byte[] {'{', '}'} : body);
            String note = document.text("note", Integer.MAX_VALUE);
            var beat = new Beat(
                    delegationId,
                    Report.attempt(document),
                    document.number("progress"),
                    note == null ? null : Texts.cut(note, LONGEST_NOTE),
                    caller.workspace());
            document.violations().orElseThrow();
            return beat;
        }
    }

    /** The reply to a beat. */
    @RegisterForReflection
    @Schema(name = "DelegationBeaten")
    record Beaten(
            @Schema(description = "False when it has ended, or is at another attempt: stop working on it")
            boolean recorded,

            @Schema(implementation = DelegationStatus.class) String status,
            long attempt,

            @Schema(description = "Its caller wants it stopped: report `failed`, or be cut off after a grace")
            boolean cancelRequested,

            @Schema(description = "How long until its deadline, by the database's clock; 0 when it has passed")
            long deadlineInMs,

            @Schema(description = "When to beat again") long nextHeartbeatMs) {}

    /** Refused with 403 or 404. No two of them may be of one delegation. */
    Uni<List<Uni<Beaten>>> write(SqlConnection connection, @Nullable UUID organisation, List<Beat> beats) {
        Tuple values = Tuple.tuple()
                .addUUID(organisation)
                .addArrayOfString(column(beats, Beat::delegationId, String[]::new))
                .addArrayOfLong(column(beats, Beat::attempt, Long[]::new))
                .addArrayOfDouble(column(beats, Beat::progress, Double[]::new))
                .addArrayOfString(column(beats, Beat::note, String[]::new))
                .addArrayOfUUID(column(beats, Beat::acting, UUID[]::new));
        return connection.preparedQuery(BEAT).execute(values).map(rows -> {
            var results = new ArrayList<Uni<Beaten>>();
            long last = 0;
            for (Row row : rows) {
                long ordinal = row.getLong("ordinal");
                if (ordinal != last) {
                    results.add(result(row, beats.get((int) ordinal - 1)));
                }
                last = ordinal;
            }
            return results;
        });
    }

    private Uni<Beaten> result(Row row, Beat beat) {
        return switch (row.getString("verdict")) {
            case "unknown" -> Uni.createFrom().failure(Problem.notFound("delegation", beat.delegationId()));
            case "ambiguous" -> Uni.createFrom().failure(Moves.ambiguous(beat.delegationId()));
            case "forbidden" ->
                Uni.createFrom()
                        .failure(Problem.of(
                                403, "FORBIDDEN", "only its callee, or an admin, may beat for a delegation"));
            default ->
                Uni.createFrom()
                        .item(new Beaten(
                                row.getBoolean("recorded"),
                                row.getString("status"),
                                row.getLong("attempt"),
                                row.getBoolean("cancel_requested"),
                                row.getLong("deadline_in_ms"),
                                settings.interval().toMillis()));
        };
    }
}
