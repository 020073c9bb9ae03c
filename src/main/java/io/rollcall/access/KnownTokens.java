package io.rollcall.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.rollcall.http.TimeLimits;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The tokens in use, in memory, so that a request costs no statement for its token. What was revoked or shortened
 * anywhere is asked for every {@link #EVERY}, one statement whatever the number of tokens.
 *
 * <p>Invariant: a token is refused on every replica at the latest {@link #TRUSTED} after the commit of its revocation.
 * Nothing is taken from memory unless a question sent within that time has been answered; if not, each request looks into
 * the database, together with others, and fails with it.
 */
@ApplicationScoped
class KnownTokens {

    static final Duration EVERY = Duration.ofMillis(300);
    static final Duration TRUSTED = Duration.ofMillis(900);

    private static final int MOST_KEPT = 100_000;

    private final TokenLookUps lookUps;
    private final TokenRepository tokens;
    private final Transactions transactions;
    private final Cache<UUID, KnownToken> known =
            Caffeine.newBuilder().maximumSize(MOST_KEPT).build();

    /** Twice what a transaction can take: it bears the time of its beginning, and is seen when it has committed. */
    private final Duration lookedBack;

    private volatile long answeredQuestionSentAt;
    private @Nullable Cancellable asking;

    KnownTokens(TokenLookUps lookUps, TokenRepository tokens, Transactions transactions, TimeLimits limits) {
        this.lookUps = lookUps;
        this.tokens = tokens;
        this.transactions = transactions;
        lookedBack = limits.deadline().multipliedBy(2);
        answeredQuestionSentAt = System.nanoTime() - lookedBack.toNanos();
    }

    /** Null when there is no live token of this id. */
    Uni<@Nullable KnownToken> find(UUID id) {
        KnownToken remembered = isWithin(TRUSTED) ? known.getIfPresent(id) : null;
        return remembered != null
                ? Uni.createFrom().item(remembered)
                : lookUps.find(id).invoke(found -> {
                    if (found != null) {
                        known.put(id, found);
                    }
                });
    }

    /** On this replica at once. */
    void forget(UUID id) {
        known.invalidate(id);
    }

    void atStart(@Observes StartupEvent started) {
        asking = Multi.createFrom()
                .ticks()
                .every(EVERY)
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> ask().onFailure().recoverWithNull())
                .subscribe()
                .with(asked -> {});
    }

    void atStop(@Observes ShutdownEvent stopped) {
        if (asking != null) {
            asking.cancel();
        }
    }

    private Uni<Void> ask() {
        long sentAt = System.nanoTime();
        if (!isWithin(lookedBack.dividedBy(2))) {
            known.invalidateAll();
        }
        if (known.estimatedSize() == 0) {
            answeredQuestionSentAt = sentAt;
            return Uni.createFrom().voidItem();
        }
        return transactions
                .readForPlatform(connection -> tokens.changed(connection, lookedBack))
                .invoke(changed -> {
                    changed.forEach((id, at) -> known.asMap()
                            .computeIfPresent(id, (same, kept) -> Objects.equals(kept.changedAt(), at) ? kept : null));
                    answeredQuestionSentAt = sentAt;
                })
                .replaceWithVoid();
    }

    private boolean isWithin(Duration time) {
        return System.nanoTime() - answeredQuestionSentAt < time.toNanos();
    }
}
