package io.rollcall.events;

import io.rollcall.access.Transactions;
import io.rollcall.events.SequenceRepository.Numbered;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Numbers what has been committed, in the order of the outbox: docs/adr/0018.
 *
 * <p>Invariants: numbers have no gaps; who sees one sees all below it; whoever commits late gets a later number, so nothing
 * appears behind a reader; what happened to one row is numbered in the order in which it happened, since the row's lock put
 * it into the outbox in that order. Every replica does this, one at a time, and none waits for another.
 */
@ApplicationScoped
class Sequencer {

    private final Transactions transactions;
    private final SequenceRepository repository;
    private final EventSettings settings;

    /** Smaller than is set after a failure, which may have been that there was no time for so many. */
    private volatile int batch;

    Sequencer(Transactions transactions, SequenceRepository repository, EventSettings settings) {
        this.transactions = transactions;
        this.repository = repository;
        this.settings = settings;
        this.batch = settings.batch();
    }

    /** One batch, if there is any and no other replica is at it. */
    Uni<Numbered> number() {
        int most = batch;
        return transactions
                .runForPlatform(connection -> repository
                        .turn(connection)
                        .chain(last -> last.isEmpty()
                                ? repository.none(connection)
                                : repository.number(connection, last.get(), most)))
                .invoke(numbered -> batch = (int) Math.min(settings.batch(), most * 2L))
                .onFailure()
                .invoke(failure -> batch = Math.max(1, most / 2));
    }

    int batch() {
        return batch;
    }
}
