package io.rollcall.delegation;

import io.rollcall.access.Caller;
import io.rollcall.http.Problem;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Delegations enter the ledger. Insert or nothing over its unique keys (the id within its organisation, the key within
 * its caller, the delegation it tries again); what was there already is looked up and returned when it asks the same.
 *
 * <p>Invariants: caller and callee are live and of one organisation; a child's deadline is not beyond its parent's. A child
 * of a parent that has ended, is being cancelled or has passed its deadline is settled at once, in the same transaction: the parent is locked
 * against a cancel that comes at the same time, so that either the child sees the cancel or the cancel sees the child.
 *
 * <p>A statement for all of them; one more if some were there already, one more if some are settled.
 */
@ApplicationScoped
class Creation {

    private static final String INSERT = """
            WITH asked AS MATERIALIZED (
                SELECT a.ordinal, a.delegation_id, a.caller_id, a.callee_id, a.task_preview, a.task, a.seconds, a.parent_id,
                       a.idempotency_key, a.payload_sha256, a.labels, a.retry_of, a.retry_count, a.actor, a.acting
                  FROM unnest($3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::float8[], $9::text[],
                              $10::text[], $11::text[], $12::text[], $13::text[], $14::int[], $15::text[], $16::uuid[])
                       WITH ORDINALITY
                       AS a (delegation_id, caller_id, callee_id, task_preview, task, seconds, parent_id, idempotency_key,
                             payload_sha256, labels, retry_of, retry_count, actor, acting, ordinal)),
            parents AS MATERIALIZED (
                SELECT p.delegation_id, p.org_id, p.root_delegation_id, p.deadline, p.caller_id, p.callee_id,
                       p.finished_at IS NOT NULL OR p.cancel_requested_at IS NOT NULL OR p.deadline <= now() AS closed
                  FROM delegations p
                 WHERE p.delegation_id = ANY ($9) AND ($2::uuid IS NULL OR p.org_id = $2)
                 ORDER BY p.id
                   FOR SHARE),
            placed AS MATERIALIZED (
                SELECT a.ordinal, c.org_id, p.root_delegation_id, p.deadline AS latest, COALESCE(p.closed, false) AS closed,
                       CASE WHEN c.id IS NULL THEN 'caller_id'
                            WHEN e.id IS NULL THEN 'callee_id'
                            WHEN a.parent_id IS NOT NULL AND p.delegation_id IS NULL THEN 'parent_delegation_id'
                            WHEN c.status = 'removed' THEN 'removed caller_id'
                            WHEN e.status = 'removed' THEN 'removed callee_id'
                            ELSE '' END AS refusal
                  FROM asked a
                  LEFT JOIN workspaces c ON c.id = a.caller_id AND ($2::uuid IS NULL OR c.org_id = $2)
                  LEFT JOIN workspaces e ON e.id = a.callee_id AND e.org_id = c.org_id
                  LEFT JOIN parents p ON p.delegation_id = a.parent_id AND p.org_id = c.org_id
                        AND (a.acting IS NULL OR a.acting IN (p.caller_id, p.callee_id))),
            made AS (
                INSERT INTO delegations (delegation_id, org_id, caller_id, callee_id, task_preview, deadline,
                                         parent_delegation_id, root_delegation_id, idempotency_key, payload_sha256, labels,
                                         retry_of, retry_count, event_actor)
                SELECT a.delegation_id, p.org_id, a.caller_id, a.callee_id, a.task_preview,
                       CASE WHEN p.closed THEN now() + make_interval(secs => a.seconds)
                            ELSE LEAST(now() + make_interval(secs => a.seconds), p.latest) END,
                       a.parent_id, COALESCE(p.root_delegation_id, a.delegation_id), a.idempotency_key,
                       decode(a.payload_sha256, 'hex'), a.labels::jsonb, a.retry_of, a.retry_count, a.actor
                  FROM asked a JOIN placed p ON p.ordinal = a.ordinal
                 WHERE p.refusal = ''
                 ORDER BY COALESCE(a.idempotency_key, a.delegation_id), a.delegation_id
                ON CONFLICT DO NOTHING
                RETURNING delegations AS whole),
            carried AS (
                INSERT INTO delegation_payloads (delegation, kind, org_id, body)
                SELECT (m.whole).id, 'task', (m.whole).org_id, a.task
                  FROM made m JOIN asked a ON a.delegation_id = (m.whole).delegation_id)
            SELECT p.ordinal, p.refusal, p.closed, p.org_id AS asked_in, \
            """ + DelegationRow.COLUMNS + """
              FROM placed p
              JOIN asked a ON a.ordinal = p.ordinal
              LEFT JOIN made m ON (m.whole).delegation_id = a.delegation_id AND (m.whole).org_id = p.org_id
             CROSS JOIN LATERAL (SELECT (m.whole).*) d
            """ + DelegationRow.BEAT + " ORDER BY p.ordinal";

    /** Two rows for one that has the id of one and the key of another. */
    private static final String FIND =
            """
            WITH asked AS (
                SELECT a.ordinal, a.org_id, a.delegation_id, a.caller_id, a.idempotency_key, a.retry_of
                  FROM unnest($2::bigint[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[])
                       AS a (ordinal, org_id, delegation_id, caller_id, idempotency_key, retry_of)),
            found AS (
                SELECT a.ordinal, d.id FROM asked a
                  JOIN delegations d ON d.delegation_id = a.delegation_id AND d.org_id = a.org_id
                 UNION
                SELECT a.ordinal, d.id FROM asked a
                  JOIN delegations d ON d.caller_id = a.caller_id AND d.idempotency_key = a.idempotency_key
                 UNION
                SELECT a.ordinal, d.id FROM asked a
                  JOIN delegations d ON d.retry_of = a.retry_of AND d.org_id = a.org_id)
            SELECT f.ordinal, encode(d.payload_sha256, 'hex') AS payload, \
            """ + DelegationRow.COLUMNS + " FROM found f JOIN delegations d ON d.id = f.id" + DelegationRow.BEAT
                    + " ORDER BY f.ordinal, d.id";

    private static final String SETTLE = """
            WITH settled AS (
                UPDATE delegations s
                   SET status = 'failed', outcome = 'cancelled', event_reason = $3, error_detail = $3
                 WHERE s.id = ANY ($2::bigint[])
                RETURNING s AS whole)
            SELECT \
            """ + DelegationRow.COLUMNS
            + " FROM settled s CROSS JOIN LATERAL (SELECT (s.whole).*) d" + DelegationRow.BEAT;

    private static final String PARENT_CLOSED = "its parent has ended, is being cancelled or has passed its deadline";

    private final LedgerSettings settings;

    Creation(LedgerSettings settings) {
        this.settings = settings;
    }

    /** Made or found; refused with 404, 410 or 422. No two of them may have one id. */
    Uni<List<Uni<Made>>> write(SqlConnection connection, @Nullable UUID organisation, List<Asked> asked) {
        return connection
                .preparedQuery(INSERT)
                .execute(values(organisation, asked))
                .chain(rows -> settled(connection, rows).chain(settled -> found(connection, asked, rows)
                        .map(found -> results(asked, rows, settled, found))));
    }

    /** The same for one. */
    Uni<Made> write(SqlConnection connection, Caller caller, Asked asked) {
        return write(connection, caller.organisation(), List.of(asked)).chain(results -> results.get(0));
    }

    /** @param hit whether it had been made before */
    record Made(Delegation delegation, boolean hit) {}

    private record Found(Delegation delegation, String payload) {}

    private Uni<Map<Long, Delegation>> settled(SqlConnection connection, RowSet<Row> rows) {
        Long[] ids = rows.stream()
                .filter(row -> row.getLong("id") != null && row.getBoolean("closed"))
                .map(row -> row.getLong("id"))
                .toArray(Long[]::new);
        if (ids.length == 0) {
            return Uni.createFrom().item(Map.of());
        }
        return connection
                .preparedQuery(SETTLE)
                .execute(Tuple.of(silence(), ids, PARENT_CLOSED))
                .map(settled -> {
                    var byId = new HashMap<Long, Delegation>();
                    settled.forEach(row -> byId.put(row.getLong("id"), DelegationRow.map(row)));
                    return byId;
                });
    }

    private Uni<Map<Long, List<Found>>> found(SqlConnection connection, List<Asked> asked, RowSet<Row> rows) {
        List<Row> there = rows.stream()
                .filter(row ->
                        row.getLong("id") == null && row.getString("refusal").isEmpty())
                .toList();
        if (there.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        Function<Row, Asked> of = row -> asked.get(row.getLong("ordinal").intValue() - 1);
        Tuple values = Tuple.tuple()
                .addDouble(silence())
                .addArrayOfLong(
                        there.stream().map(row -> row.getLong("ordinal")).toArray(Long[]::new))
                .addArrayOfUUID(
                        there.stream().map(row -> row.getUUID("asked_in")).toArray(UUID[]::new))
                .addArrayOfString(
                        there.stream().map(row -> of.apply(row).delegationId()).toArray(String[]::new))
                .addArrayOfUUID(there.stream()
                        .map(row -> of.apply(row).what().callerId())
                        .toArray(UUID[]::new))
                .addArrayOfString(there.stream()
                        .map(row -> of.apply(row).what().idempotencyKey())
                        .toArray(String[]::new))
                .addArrayOfString(
                        there.stream().map(row -> of.apply(row).retryOf()).toArray(String[]::new));
        return connection.preparedQuery(FIND).execute(values).map(found -> {
            var byOrdinal = new HashMap<Long, List<Found>>();
            found.forEach(row -> byOrdinal
                    .computeIfAbsent(row.getLong("ordinal"), of2 -> new ArrayList<>())
                    .add(new Found(DelegationRow.map(row), row.getString("payload"))));
            return byOrdinal;
        });
    }

    private static List<Uni<Made>> results(
            List<Asked> asked, RowSet<Row> rows, Map<Long, Delegation> settled, Map<Long, List<Found>> found) {
        return rows.stream()
                .map(row -> {
                    Asked one = asked.get(row.getLong("ordinal").intValue() - 1);
                    Long id = row.getLong("id");
                    if (!row.getString("refusal").isEmpty()) {
                        return Uni.createFrom().<Made>failure(refusal(row.getString("refusal"), one));
                    }
                    return id == null
                            ? hit(one, found.getOrDefault(row.getLong("ordinal"), List.of()))
                            : Uni.createFrom().item(new Made(settled.getOrDefault(id, DelegationRow.map(row)), false));
                })
                .toList();
    }

    private static Uni<Made> hit(Asked asked, List<Found> found) {
        if (found.isEmpty()) {
            return Uni.createFrom()
                    .failure(Problem.of(
                                    409,
                                    "CONTENTION",
                                    "the delegation of this id or key was forgotten meanwhile; nothing was written, try again")
                            .header("Retry-After", "1"));
        }
        Delegation first = found.get(0).delegation();
        boolean sameRetry = asked.retryOf() != null && asked.retryOf().equals(first.retryOf());
        if (found.size() == 1 && (sameRetry || found.get(0).payload().equals(asked.payload()))) {
            return Uni.createFrom().item(new Made(first, true));
        }
        boolean sameId = first.delegationId().equals(asked.delegationId());
        return Uni.createFrom()
                .failure(Problem.of(
                        422,
                        sameId ? "DELEGATION_ID_REUSED" : "IDEMPOTENCY_KEY_REUSED",
                        (sameId ? "delegation_id" : "idempotency_key")
                                + ": was used for another delegation; use a new one for a new delegation"));
    }

    private static Problem refusal(String refusal, Asked asked) {
        NewDelegation what = asked.what();
        return switch (refusal) {
            case "caller_id" -> Problem.notFound("workspace", what.callerId() + " (caller_id)");
            case "callee_id" -> Problem.notFound("workspace", what.calleeId() + " (callee_id)");
            case "removed caller_id" -> removed("caller_id", what.callerId());
            case "removed callee_id" -> removed("callee_id", what.calleeId());
            default -> Problem.notFound("delegation", what.parentDelegationId() + " (parent_delegation_id)");
        };
    }

    private static Problem removed(String field, UUID id) {
        return Problem.of(410, "REMOVED", field + ": workspace " + id + " is removed");
    }

    private Tuple values(@Nullable UUID organisation, List<Asked> asked) {
        double usual = settings.deadline().toSeconds();
        return Tuple.tuple()
                .addDouble(silence())
                .addUUID(organisation)
                .addArrayOfString(column(asked, Asked::delegationId, String[]::new))
                .addArrayOfUUID(column(asked, one -> one.what().callerId(), UUID[]::new))
                .addArrayOfUUID(column(asked, one -> one.what().calleeId(), UUID[]::new))
                .addArrayOfString(column(asked, one -> Preview.of(one.what().task()), String[]::new))
                .addArrayOfString(column(asked, one -> one.what().task(), String[]::new))
                .addArrayOfDouble(column(
                        asked,
                        one -> one.what().deadlineSeconds() == null
                                ? usual
                                : one.what().deadlineSeconds().doubleValue(),
                        Double[]::new))
                .addArrayOfString(column(asked, one -> one.what().parentDelegationId(), String[]::new))
                .addArrayOfString(column(asked, one -> one.what().idempotencyKey(), String[]::new))
                .addArrayOfString(column(asked, Asked::payload, String[]::new))
                .addArrayOfString(column(
                        asked,
                        one -> one.what().labels() == null ? "{}" : one.what().labels(),
                        String[]::new))
                .addArrayOfString(column(asked, Asked::retryOf, String[]::new))
                .addArrayOfInteger(column(asked, Asked::retryCount, Integer[]::new))
                .addArrayOfString(column(asked, Asked::actor, String[]::new))
                .addArrayOfUUID(column(asked, Asked::acting, UUID[]::new));
    }

    private double silence() {
        return settings.stuckAfter().toSeconds();
    }

    static <A, C> C[] column(List<A> rows, Function<A, @Nullable C> value, java.util.function.IntFunction<C[]> array) {
        return rows.stream().map(value).toArray(array);
    }
}
