package io.rollcall.heartbeat;

import io.rollcall.access.Audit;
import io.rollcall.access.Caller;
import io.rollcall.access.FirstToken;
import io.rollcall.access.Transactions;
import io.rollcall.http.Idempotency;
import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Json;
import io.rollcall.http.Reply;
import io.rollcall.workspace.AgentId;
import io.rollcall.workspace.LiveWorkspace;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Agents that say where they are. A registration is a sign of life as well. Repeated, it says the same again; what it leaves
 * out stays. The workspace's row is locked meanwhile, so of two at once one gets the first token, and the other none.
 */
@ApplicationScoped
class Registry {

    private static final String LOCK = """
            SELECT w.org_id, w.removed_at FROM workspaces w
             WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2) FOR NO KEY UPDATE
            """;

    private static final String REGISTER = """
            INSERT INTO agent_states AS s (workspace_id, agent_id, org_id, url, agent_card, delivery_mode, registered_at)
            VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, now())
            ON CONFLICT (workspace_id, agent_id) DO UPDATE
               SET url = COALESCE(excluded.url, s.url), agent_card = COALESCE(excluded.agent_card, s.agent_card),
                   delivery_mode = COALESCE(excluded.delivery_mode, s.delivery_mode), registered_at = now()
            RETURNING s.delivery_mode
            """;

    /** As a person's change: who holds an older version of the row is told. */
    private static final String MOVE = """
            UPDATE workspaces SET url = $2, version = version + 1, updated_at = now()
             WHERE id = $1 AND ($3::uuid IS NULL OR org_id = $3) AND url IS DISTINCT FROM $2
            """;

    private final Transactions transactions;
    private final Idempotency idempotency;
    private final BeatRepository beats;
    private final FirstToken firstToken;
    private final Audit audit;
    private final Pace pace;
    private final Json json;

    Registry(
            Transactions transactions,
            Idempotency idempotency,
            BeatRepository beats,
            FirstToken firstToken,
            Audit audit,
            Pace pace,
            Json json) {
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.beats = beats;
        this.firstToken = firstToken;
        this.audit = audit;
        this.pace = pace;
        this.json = json;
    }

    /**
     * Fails with 404, 409 {@code TOO_MANY_AGENTS}, 410.
     *
     * @param callersSecret seals the reply that is kept for repetitions
     */
    Uni<Reply> register(Caller caller, NewRegistration wanted, IdempotencyKey key, String callersSecret) {
        return transactions.run(
                caller,
                connection -> idempotency.onceSealed(
                        connection, key, callersSecret, () -> register(connection, caller, wanted)
                                .map(registered -> json.reply(200, registered))));
    }

    private Uni<Registered> register(SqlConnection connection, Caller caller, NewRegistration wanted) {
        UUID id = wanted.id();
        String agentId = Objects.requireNonNull(wanted.agentId());
        var beat = new Beat(id, agentId, caller.organisation(), null, null);
        return connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(id, caller.organisation()))
                .map(rows -> LiveWorkspace.require(rows, id).getUUID("org_id"))
                .chain(orgId -> beats.write(connection, List.of(beat), false).chain(outcomes -> {
                    Outcome outcome = outcomes.get(0);
                    if (!outcome.recorded()) {
                        throw outcome.problem(id);
                    }
                    return write(connection, caller, orgId, agentId, wanted).chain(mode -> firstToken
                            .mint(connection, caller, id)
                            .map(token -> new Registered(
                                    "registered",
                                    id,
                                    agentId,
                                    Objects.requireNonNull(outcome.workspaceStatus()),
                                    mode,
                                    token,
                                    pace.nextHeartbeatMs())));
                }));
    }

    private Uni<String> write(
            SqlConnection connection, Caller caller, UUID orgId, String agentId, NewRegistration wanted) {
        Tuple values = Tuple.tuple()
                .addUUID(wanted.id())
                .addString(agentId)
                .addUUID(orgId)
                .addString(wanted.url())
                .addString(wanted.agentCard())
                .addString(wanted.deliveryMode());
        boolean moves = wanted.url() != null && agentId.equals(AgentId.MAIN);
        Uni<?> moved = moves
                ? connection.preparedQuery(MOVE).execute(Tuple.of(wanted.id(), wanted.url(), caller.organisation()))
                : Uni.createFrom().voidItem();
        return moved.chain(() -> audit.record(
                        connection,
                        caller,
                        orgId,
                        "agent.registered",
                        wanted.id().toString(),
                        new JsonObject().put("agent_id", agentId).put("url", wanted.url())))
                .chain(() -> connection.preparedQuery(REGISTER).execute(values))
                .map(rows -> rows.iterator().next().getString("delivery_mode"));
    }
}
