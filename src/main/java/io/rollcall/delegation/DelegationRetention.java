package io.rollcall.delegation;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.rollcall.access.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Forgets delegations a while after their end, with all that belongs to them, and activity that is as old. In bounded
 * batches, on any number of replicas.
 *
 * <p>It walks from the oldest row to the first that is too young to have ended long ago, since no index has the time of the
 * end; what it passes by is only what took long to end.
 *
 * <p>A parent may go before its children: they refer to it by its text. For at most the longest deadline they then name one
 * that is not found.
 */
@ApplicationScoped
class DelegationRetention {

    private static final Logger LOG = Logger.getLogger(DelegationRetention.class);

    private final Transactions transactions;
    private final RetentionRepository repository;
    private final LedgerSettings settings;
    private final SweeperMeters meters;

    DelegationRetention(
            Transactions transactions, RetentionRepository repository, LedgerSettings settings, SweeperMeters meters) {
        this.transactions = transactions;
        this.repository = repository;
        this.settings = settings;
        this.meters = meters;
    }

    @Scheduled(every = "10m", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> forgetOld() {
        return forgetOld(null, RetentionRepository.BATCH);
    }

    /** @param now null for the database's clock */
    Uni<Void> forgetOld(@Nullable OffsetDateTime now, int batch) {
        return delegations(now, batch)
                .chain(() -> activity(now, batch))
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("Could not forget old delegations, trying again later: %s", failure.getMessage());
                    return null;
                });
    }

    private Uni<Void> delegations(@Nullable OffsetDateTime now, int batch) {
        return Multi.createBy()
                .repeating()
                .uni(AtomicLong::new, last -> transactions
                        .runForPlatform(connection ->
                                repository.forget(connection, now, settings.retention(), last.get(), batch))
                        .invoke(forgotten -> {
                            last.set(forgotten.upTo());
                            meters.forgot(forgotten.ids().size());
                        }))
                .whilst(RetentionRepository.Forgotten::isMoreBehind)
                .onItem()
                .ignoreAsUni();
    }

    private Uni<Void> activity(@Nullable OffsetDateTime now, int batch) {
        return Multi.createBy()
                .repeating()
                .uni(() -> transactions.runForPlatform(
                        connection -> repository.forgetActivity(connection, now, settings.retention(), batch)))
                .whilst(count -> count == batch)
                .onItem()
                .ignoreAsUni();
    }
}
