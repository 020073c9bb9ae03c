package io.rollcall.schema;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Brings the schema to where this binary needs it, before anything else runs and after the {@link Gate} has let it in. With
 * an owner's URL the pair of roles is looked at first, and afterwards the serving role has its rights, whether there was
 * anything to migrate or not.
 */
@ApplicationScoped
class Migration {

    static final int FIRST = Interceptor.Priority.PLATFORM_BEFORE - 1;

    private static final Logger LOG = Logger.getLogger(Migration.class);

    /** Longer than the patience with a database that is not there yet, or with locks. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Gate gate;
    private final Migrator migrator;
    private final Owner owner;
    private final RolePair pair;
    private final ServingRights rights;
    private final boolean wanted;

    Migration(
            Gate gate,
            Migrator migrator,
            Owner owner,
            RolePair pair,
            ServingRights rights,
            @ConfigProperty(name = "rollcall.database.migrate") boolean wanted) {
        this.gate = gate;
        this.migrator = migrator;
        this.owner = owner;
        this.pair = pair;
        this.rights = rights;
        this.wanted = wanted;
    }

    void atStart(@Observes @Priority(FIRST) StartupEvent started) {
        if (wanted && owner.isApart()) {
            finish(pair.check());
        }
        if (finish(gate.look()) == Gate.Verdict.LEAVE) {
            LOG.warnf("The schema is newer than release %s and works with it: nothing is migrated", gate.release());
        } else if (wanted) {
            migrate();
        }
    }

    @Scheduled(every = "30s", delayed = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void again() {
        if (migrator.putOff().isPresent()) {
            migrate();
        }
    }

    private void migrate() {
        finish(migrator.migrate());
        if (owner.isApart()) {
            finish(rights.give());
        }
    }

    private static <T> T finish(Uni<T> step) {
        return step.await().atMost(LIMIT);
    }
}
