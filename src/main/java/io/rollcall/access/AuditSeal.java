package io.rollcall.access;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Seals the audit trail: gives each committed entry its place in its organisation's chain and the hash over it and all
 * before it. Afterwards, so that writers of one organisation never wait for each other or for this.
 *
 * <p>Invariants: one replica seals at a time (advisory lock); a chain's order is that of sealing, so a transaction that
 * commits late is no gap; a chain goes on from its head, never from its last entry, so that a tail that was cut off stays
 * a gap for ever. A batch costs the same few statements however many entries it has.
 *
 * <p>Limits: an entry can be changed unnoticed until it is sealed, about a second after its commit; and who may write
 * entries may write false ones, which are sealed like all others. {@link AuditChain} says what the chain shows.
 */
@ApplicationScoped
class AuditSeal {

    static final int BATCH = 500;

    private static final Logger LOG = Logger.getLogger(AuditSeal.class);

    private final Transactions transactions;
    private final AuditRepository repository;

    AuditSeal(Transactions transactions, AuditRepository repository) {
        this.transactions = transactions;
        this.repository = repository;
    }

    @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> seal() {
        return Multi.createBy()
                .repeating()
                .uni(() -> transactions.runForPlatform(this::sealBatch))
                .whilst(count -> count == BATCH)
                .onItem()
                .ignoreAsUni()
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("Could not seal the audit trail, trying again in a second: %s", failure.getMessage());
                    return null;
                });
    }

    /** @return how many entries it sealed */
    private Uni<Integer> sealBatch(SqlConnection connection) {
        return repository
                .takeSeal(connection)
                .chain(taken -> taken ? sealAlone(connection) : Uni.createFrom().item(0));
    }

    private Uni<Integer> sealAlone(SqlConnection connection) {
        return repository
                .unsealed(connection, BATCH)
                .chain(entries -> entries.isEmpty() ? Uni.createFrom().item(0) : seal(connection, entries));
    }

    private Uni<Integer> seal(SqlConnection connection, List<AuditEntry> entries) {
        List<UUID> organisations = entries.stream()
                .map(AuditEntry::orgId)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        return repository.headsOf(connection, organisations).chain(heads -> {
            var moved = new LinkedHashMap<@Nullable UUID, AuditHead>();
            List<AuditEntry> sealed = chained(entries, heads, moved);
            return repository
                    .seal(connection, sealed)
                    .chain(() -> repository.moveHeads(connection, moved.values()))
                    .replaceWith(sealed.size());
        });
    }

    private static List<AuditEntry> chained(
            List<AuditEntry> entries, Map<@Nullable UUID, AuditHead> heads, Map<@Nullable UUID, AuditHead> moved) {
        var sealed = new ArrayList<AuditEntry>(entries.size());
        for (AuditEntry entry : entries) {
            UUID orgId = entry.orgId();
            AuditHead last = moved.getOrDefault(orgId, heads.getOrDefault(orgId, AuditHead.beginning(orgId)));
            AuditHead place = last.next(entry);
            moved.put(orgId, place);
            sealed.add(entry.sealedAs(place));
        }
        return sealed;
    }
}
