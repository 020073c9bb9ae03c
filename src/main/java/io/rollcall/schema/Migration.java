package io.rollcall.schema;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;

/**
 * Brings the schema to where this binary needs it, before anything else runs. With an owner's URL the pair of roles is
 * looked at first, and afterwards the serving role has its rights, whether there was anything to migrate or not.
 */
@ApplicationScoped
class Migration {

    static final int FIRST = Interceptor.Priority.PLATFORM_BEFORE - 1;

    /** Longer than the pair's patience with a database that is not there yet. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Flyway flyway;
    private final Owner owner;
    private final RolePair pair;
    private final ServingRights rights;
    private final boolean wanted;

    Migration(
            Flyway flyway,
            Owner owner,
            RolePair pair,
            ServingRights rights,
            @ConfigProperty(name = "rollcall.database.migrate") boolean wanted) {
        this.flyway = flyway;
        this.owner = owner;
        this.pair = pair;
        this.rights = rights;
        this.wanted = wanted;
    }

    void atStart(@Observes @Priority(FIRST) StartupEvent started) {
        if (!wanted) {
            return;
        }
        if (!owner.isApart()) {
            flyway.migrate();
            return;
        }
        finish(pair.check());
        flyway.migrate();
        finish(rights.give());
    }

    private static void finish(Uni<Void> step) {
        step.await().atMost(LIMIT);
    }
}
