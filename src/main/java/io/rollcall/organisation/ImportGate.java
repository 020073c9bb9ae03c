package io.rollcall.organisation;

import io.rollcall.http.Problem;
import io.rollcall.http.Reply;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.util.TypeLiteral;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.BulkheadException;

/**
 * Lets a few imports run at once and the others wait without a connection. Imports of one tree wait for each other's rows:
 * without this, a stuck double click holds every connection of the pool, and heartbeats wait behind it.
 */
@Singleton
final class ImportGate {

    private final TypedGuard<Uni<Reply>> guard;

    @Inject
    ImportGate(ImportSettings settings) {
        this(settings.concurrent(), settings.queueSize());
    }

    ImportGate(int concurrent, int queueSize) {
        guard = TypedGuard.create(new TypeLiteral<Uni<Reply>>() {})
                .withBulkhead()
                .limit(concurrent)
                .queueSize(queueSize)
                .done()
                .build();
    }

    Uni<Reply> pass(Supplier<Uni<Reply>> work) {
        return guard.get(work)
                .onFailure(BulkheadException.class)
                .transform(full -> Problem.unavailable("too many imports are waiting already"));
    }
}
