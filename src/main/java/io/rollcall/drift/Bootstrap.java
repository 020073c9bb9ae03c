package io.rollcall.drift;

import io.rollcall.access.Audit;
import io.rollcall.access.Caller;
import io.rollcall.access.Transactions;
import io.rollcall.http.PairCursor;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What agents should be started with, set by people; what they say that they were, and where the two differ. */
@ApplicationScoped
class Bootstrap {

    /** All that one agent can have: what it reported, and what it did not. */
    private static final int OF_ONE_AGENT = 2 * FileHashes.MOST;

    private static final PairCursor START = PairCursor.decode(null);

    private final BootstrapRepository repository;
    private final Transactions transactions;
    private final Audit audit;

    Bootstrap(BootstrapRepository repository, Transactions transactions, Audit audit) {
        this.repository = repository;
        this.transactions = transactions;
        this.audit = audit;
    }

    Uni<BootstrapFiles> wanted(Caller caller, UUID workspaceId) {
        return transactions.read(caller, connection -> repository.files(connection, caller, workspaceId));
    }

    /** Only what changes something is in the audit trail. */
    Uni<BootstrapFiles> want(Caller caller, UUID workspaceId, BootstrapFiles wanted) {
        return transactions
                .run(caller, connection -> repository
                        .lock(connection, caller, workspaceId)
                        .chain(orgId -> repository
                                .replace(connection, workspaceId, orgId, wanted.files())
                                .chain(replaced -> replaced.isAnything()
                                        ? record(connection, caller, orgId, workspaceId, replaced)
                                        : Uni.createFrom().voidItem())))
                .replaceWith(wanted);
    }

    private Uni<Void> record(
            SqlConnection connection,
            Caller caller,
            UUID orgId,
            UUID workspaceId,
            BootstrapRepository.Replaced replaced) {
        return audit.record(
                connection,
                caller,
                orgId,
                "bootstrap_files.replaced",
                workspaceId.toString(),
                new JsonObject()
                        .put("added", replaced.added())
                        .put("changed", replaced.changed())
                        .put("removed", replaced.removed()));
    }

    /** Keeps what the agent reports, and answers how all its files stand now. */
    Uni<FileReportPage> report(Caller caller, UUID workspaceId, BootstrapPing ping) {
        return transactions.run(caller, connection -> repository
                .report(connection, caller, workspaceId, ping)
                .chain(() ->
                        repository.page(connection, caller, workspaceId, ping.agent(), false, START, OF_ONE_AGENT)));
    }

    Uni<FileReportPage> reports(
            Caller caller,
            UUID workspaceId,
            @Nullable String agentId,
            boolean driftedOnly,
            PairCursor after,
            int limit) {
        return transactions.read(
                caller,
                connection -> repository.page(connection, caller, workspaceId, agentId, driftedOnly, after, limit));
    }
}
