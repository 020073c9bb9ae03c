package io.rollcall.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * When tokens were last used, to {@link #PRECISION}: enough to find those that nobody needs, and little to write.
 * Gathered in memory and written once a minute, in one statement; a crash loses what was gathered.
 */
@ApplicationScoped
class TokenUse {

    static final Duration PRECISION = Duration.ofMinutes(10);

    private static final Logger LOG = Logger.getLogger(TokenUse.class);

    private final TokenRepository tokens;
    private final Transactions transactions;
    private final Cache<UUID, Boolean> noted =
            Caffeine.newBuilder().expireAfterWrite(PRECISION).build();
    private final Set<UUID> unwritten = ConcurrentHashMap.newKeySet();

    TokenUse(TokenRepository tokens, Transactions transactions) {
        this.tokens = tokens;
        this.transactions = transactions;
    }

    void note(UUID id) {
        if (noted.asMap().putIfAbsent(id, true) == null) {
            unwritten.add(id);
        }
    }

    @Scheduled(every = "60s", delayed = "10s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> write() {
        UUID[] ids = unwritten.toArray(UUID[]::new);
        if (ids.length == 0) {
            return Uni.createFrom().voidItem();
        }
        Set.of(ids).forEach(unwritten::remove);
        return transactions
                .runForPlatform(connection -> tokens.noteUse(connection, ids, PRECISION))
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("Could not note the use of %d tokens: %s", ids.length, failure.getMessage());
                    return null;
                });
    }
}
