package io.rollcall.events;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.rollcall.access.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Forgets events after their time, in bounded batches, on any number of replicas, and notes how far. */
@ApplicationScoped
class EventRetention {

    private static final Logger LOG = Logger.getLogger(EventRetention.class);
    private static final int BATCH = 5000;

    private final Transactions transactions;
    private final SequenceRepository repository;
    private final EventSettings settings;

    EventRetention(Transactions transactions, SequenceRepository repository, EventSettings settings) {
        this.transactions = transactions;
        this.repository = repository;
        this.settings = settings;
    }

    @Scheduled(every = "10m", delayed = "2m", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> forgetOld() {
        return forgetOld(null, BATCH);
    }

    /** @param now null for the database's clock */
    Uni<Void> forgetOld(@Nullable OffsetDateTime now, int batch) {
        return Multi.createBy()
                .repeating()
                .uni(() -> transactions.runForPlatform(
                        connection -> repository.forget(connection, now, settings.retention(), batch)))
                .whilst(count -> count == batch)
                .onItem()
                .ignoreAsUni()
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("Could not forget old events, trying again later: %s", failure.getMessage());
                    return null;
                });
    }
}
