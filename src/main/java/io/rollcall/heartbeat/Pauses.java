package io.rollcall.heartbeat;

import io.rollcall.access.Audit;
import io.rollcall.access.Caller;
import io.rollcall.access.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Begins and ends pauses, each with its entry in the audit trail: who made a fleet go unwatched must be known later. */
@ApplicationScoped
class Pauses {

    private final PauseRepository repository;
    private final Transactions transactions;
    private final Audit audit;

    Pauses(PauseRepository repository, Transactions transactions, Audit audit) {
        this.repository = repository;
        this.transactions = transactions;
        this.audit = audit;
    }

    /** From now, whatever ran before. Fails with 404, 410. */
    Uni<Pause> set(Caller caller, UUID workspaceId, String agentId, NewPause wanted) {
        return transactions
                .run(caller, connection -> repository
                        .set(connection, caller, workspaceId, agentId, wanted.minutes())
                        .call(set -> audit.record(
                                connection,
                                caller,
                                set.orgId(),
                                "watchdog.paused",
                                workspaceId.toString(),
                                detail(agentId)
                                        .put("minutes", wanted.minutes())
                                        .put("until_at", set.pause().untilAt().toString()))))
                .map(set -> set.pause().with(wanted.note()));
    }

    /** Ends it if there is one. Fails with 404, 410 for the workspace. */
    Uni<Void> end(Caller caller, UUID workspaceId, String agentId) {
        return transactions.run(caller, connection -> repository
                .end(connection, caller, workspaceId, agentId)
                .chain(found -> found.ended()
                        ? audit.record(
                                connection,
                                caller,
                                found.orgId(),
                                "watchdog.resumed",
                                workspaceId.toString(),
                                detail(agentId))
                        : Uni.createFrom().voidItem()));
    }

    /** Null when none runs. Fails with 404, 410 for the workspace. */
    Uni<@Nullable Pause> find(Caller caller, UUID workspaceId, String agentId) {
        return transactions.read(caller, connection -> repository.find(connection, caller, workspaceId, agentId));
    }

    /**
     * Those that run, by workspace and agent.
     *
     * @param asked only this organisation's; null: of all that the caller may see
     */
    Uni<PausePage> page(Caller caller, @Nullable UUID asked, AgentCursor after, int limit) {
        return transactions.read(caller, connection -> repository.page(connection, caller, asked, after, limit));
    }

    /** Those that run, by agent. Fails with 404, 410. */
    Uni<PausePage> ofWorkspace(Caller caller, UUID workspaceId, AgentCursor after, int limit) {
        return transactions.read(
                caller, connection -> repository.ofWorkspace(connection, caller, workspaceId, after, limit));
    }

    private static JsonObject detail(String agentId) {
        return new JsonObject().put("agent_id", agentId);
    }
}
