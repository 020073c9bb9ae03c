package io.rollcall.heartbeat;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.rollcall.access.Caller;
import io.rollcall.access.Transactions;
import io.rollcall.http.Ids;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

/**
 * Summaries for any number of dashboards: an organisation's is counted at most once a second on a replica, whoever asks,
 * and never twice at a time. A count that fails is not kept.
 */
@ApplicationScoped
class HeartbeatSummaries {

    private static final Duration KEPT = Duration.ofSeconds(1);
    private static final int MOST_KEPT = 10_000;

    private final HeartbeatSummaryRepository repository;
    private final Transactions transactions;
    private final AsyncCache<UUID, HeartbeatSummary> kept =
            Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(MOST_KEPT).buildAsync();

    HeartbeatSummaries(HeartbeatSummaryRepository repository, Transactions transactions) {
        this.repository = repository;
        this.transactions = transactions;
    }

    /** The answer arrives on the event loop that asked. */
    Uni<HeartbeatSummary> of(Caller caller) {
        UUID whose = Objects.requireNonNullElse(caller.organisation(), Ids.ZERO);
        Context context = Vertx.currentContext();
        // Of a copy, since a reader who hangs up cancels what he waits for: the count is everybody's.
        return Uni.createFrom()
                .completionStage(() -> kept.get(whose, (key, executor) -> transactions
                                .read(caller, connection -> repository.count(connection, caller))
                                .subscribeAsCompletionStage())
                        .copy())
                .emitOn(command -> context.runOnContext(here -> command.run()));
    }
}
