package io.rollcall.heartbeat;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.rollcall.access.Transactions;
import io.rollcall.heartbeat.HeartbeatRetentionRepository.Forgotten;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Forgets incidents a while after their end, agents that have not been heard for as long or whose workspace was removed, and
 * pauses that have ended. In bounded batches, on any number of replicas.
 *
 * <p>It walks incidents from the oldest row to the first that is too young to have ended long ago, since no index has the
 * time of the end.
 */
@ApplicationScoped
class HeartbeatRetention {

    private static final Logger LOG = Logger.getLogger(HeartbeatRetention.class);
    private static final int BATCH = 1000;

    private final Transactions transactions;
    private final HeartbeatRetentionRepository repository;
    private final HeartbeatSettings settings;

    HeartbeatRetention(Transactions transactions, HeartbeatRetentionRepository repository, HeartbeatSettings settings) {
        this.transactions = transactions;
        this.repository = repository;
        this.settings = settings;
    }

    @Scheduled(every = "10m", delayed = "90s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> forgetOld() {
        return forgetOld(null, BATCH);
    }

    /** @param now null for the database's clock */
    Uni<Void> forgetOld(@Nullable OffsetDateTime now, int batch) {
        // Agents first: the sweep raises an incident for whoever is silent and has none.
        return batches(batch, connection -> repository.forgetAgents(connection, now, settings.retention(), batch))
                .chain(() -> incidents(now, batch))
                .chain(() -> batches(batch, connection -> repository.forgetPauses(connection, now, batch)))
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("Could not forget old incidents, trying again later: %s", failure.getMessage());
                    return null;
                });
    }

    private Uni<Void> incidents(@Nullable OffsetDateTime now, int batch) {
        return Multi.createBy()
                .repeating()
                .uni(AtomicLong::new, last -> transactions
                        .runForPlatform(connection ->
                                repository.forgetIncidents(connection, now, settings.retention(), last.get(), batch))
                        .invoke(forgotten -> last.set(forgotten.upTo())))
                .whilst(Forgotten::isMoreBehind)
                .onItem()
                .ignoreAsUni();
    }

    private Uni<Void> batches(int batch, Function<SqlConnection, Uni<Integer>> work) {
        return Multi.createBy()
                .repeating()
                .uni(() -> transactions.runForPlatform(work))
                .whilst(count -> count == batch)
                .onItem()
                .ignoreAsUni();
    }
}
