package io.rollcall.access;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.rollcall.http.Problem;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;

/**
 * Token buckets: one a token, so that an agent gone wild disturbs nobody, and one an organisation, so that many tokens do
 * not add up to more. Each holds {@link #BURST} of its rate.
 *
 * <p>Limits: counted by each replica for itself. The platform's admin is not counted: he is the operator.
 */
@ApplicationScoped
class RateLimits {

    static final Duration BURST = Duration.ofSeconds(5);

    /** Requests a second, on one replica. */
    @ConfigMapping(prefix = "rollcall.rate-limit")
    interface Settings {
        /** By one token. */
        @WithDefault("200")
        long token();

        /** By all tokens of one organisation together. */
        @WithDefault("5000")
        long organisation();
    }

    private final LoadingCache<UUID, Bucket> tokens;
    private final LoadingCache<UUID, Bucket> organisations;

    RateLimits(Settings settings) {
        tokens = buckets(settings.token());
        organisations = buckets(settings.organisation());
    }

    /** @throws Problem 429 with {@code Retry-After} when there were too many */
    void count(KnownToken token) {
        take(tokens.get(token.id()), "this token");
        take(organisations.get(token.orgId()), "this organisation");
    }

    private static void take(Bucket bucket, String whose) {
        ConsumptionProbe taken = bucket.tryConsumeAndReturnRemaining(1);
        if (!taken.isConsumed()) {
            long seconds = Duration.ofNanos(taken.getNanosToWaitForRefill()).toSeconds() + 1;
            throw Problem.of(429, "TOO_MANY_REQUESTS", whose + " makes too many requests; nothing was done")
                    .header("Retry-After", Long.toString(seconds));
        }
    }

    /** Who has been silent for longer than a burst has a full bucket, and needs no memory of it. */
    private static LoadingCache<UUID, Bucket> buckets(long aSecond) {
        return Caffeine.newBuilder().expireAfterAccess(BURST.multipliedBy(2)).build(id -> Bucket.builder()
                .addLimit(limit ->
                        limit.capacity(aSecond * BURST.toSeconds()).refillGreedy(aSecond, Duration.ofSeconds(1)))
                .build());
    }
}
