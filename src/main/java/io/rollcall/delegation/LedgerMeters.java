package io.rollcall.delegation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rollcall.delegation.Creation.Made;
import io.rollcall.delegation.Moves.Moved;
import io.rollcall.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;

/** What this replica's ledger answered, as metrics: how many were made, claimed, moved, refused. */
@ApplicationScoped
class LedgerMeters {

    private final MeterRegistry registry;
    private final Counter made;
    private final Counter hits;
    private final Counter claimed;
    private final Counter applied;
    private final Counter replayed;

    LedgerMeters(MeterRegistry registry) {
        this.registry = registry;
        made = creations("false");
        hits = creations("true");
        claimed = Counter.builder("rollcall.delegations.claimed")
                .description("Delegations that claims took")
                .register(registry);
        applied = reports("applied");
        replayed = reports("replayed");
    }

    void created(Made creation) {
        (creation.hit() ? hits : made).increment();
    }

    void claimed(int count) {
        claimed.increment(count);
    }

    void reported(Moved moved) {
        (moved.outcome().equals("applied") ? applied : replayed).increment();
    }

    /** Of a report: how often workers are fenced or come too late is what operators want to know. */
    void refused(Throwable failure) {
        if (failure instanceof Problem problem) {
            reports(problem.code().toLowerCase(Locale.ROOT)).increment();
        }
    }

    private Counter creations(String hit) {
        return Counter.builder("rollcall.delegations.created")
                .tag("idempotent_hit", hit)
                .description("Delegations that were made, or asked for again")
                .register(registry);
    }

    private Counter reports(String outcome) {
        return Counter.builder("rollcall.delegations.reports")
                .tag("outcome", outcome)
                .description("Reports of callees, by what became of them")
                .register(registry);
    }
}
