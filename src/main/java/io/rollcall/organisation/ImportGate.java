package io.rollcall.organisation;

import io.rollcall.http.Problem;
import io.rollcall.http.Reply;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;
import org.jspecify.annotations.Nullable;

/**
 * Lets a few imports run at once and the others wait without a connection. Imports of one tree wait for each other's rows:
 * without this, a stuck double click holds every connection of the pool, and heartbeats wait behind it. One organisation gets a share of
 * the places, so that another's import is not refused for it.
 */
@Singleton
final class ImportGate {

    /** Of the places to wait, how many one organisation may have: the others find one free. */
    private static final int SHARE = 4;

    private final TypedGuard<Uni<Reply>> guard;
    private final int most;
    private final Map<UUID, Integer> inside = new ConcurrentHashMap<>();

    @Inject
    ImportGate(ImportSettings settings) {
        this(settings.concurrent(), settings.queueSize());
    }

    ImportGate(int concurrent, int queueSize) {
        most = Math.max(1, queueSize / SHARE);
        guard = TypedGuard.create(new TypeLiteral<Uni<Reply>>() {})
                .withBulkhead()
                .limit(concurrent)
                .queueSize(queueSize)
                .done()
                .build();
    }

    /** @param organisation whose import it is; null: the platform admin's, who has no share of his own */
    Uni<Reply> pass(@Nullable UUID organisation, Supplier<Uni<Reply>> work) {
        if (organisation == null) {
            return pass(work);
        }
        return Uni.createFrom().deferred(() -> {
            if (inside.merge(organisation, 1, Integer::sum) > most) {
                leave(organisation);
                throw Problem.of(
                                429,
                                "TOO_MANY_REQUESTS",
                                most + " imports of this organisation are running or waiting already")
                        .header("Retry-After", "1");
            }
            return pass(work).onTermination().invoke(() -> leave(organisation));
        });
    }

    private Uni<Reply> pass(Supplier<Uni<Reply>> work) {
        return guard.get(work)
                .onFailure(BulkheadException.class)
                .transform(full -> Problem.unavailable("too many imports are waiting already"));
    }

    private void leave(UUID organisation) {
        inside.computeIfPresent(organisation, (same, count) -> count == 1 ? null : (Integer) (count - 1));
    }
}
