package io.rollcall.schema;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/**
 * Brings the schema to where this binary needs it, before anything else runs. With an owner's URL the pair of roles is
 * looked at first, and afterwards the serving role has its rights, whether there was anything to migrate or not.
 *
 * <p>After a newer release the rights are left as that one gave them: it may still serve, and need more.
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

    Migration(Flyway flyway, Owner owner, RolePair pair, ServingRights rights) {
        this.flyway = flyway;
        this.owner = owner;
        this.pair = pair;
        this.rights = rights;
    }

    void atStart(@Observes @Priority(FIRST) StartupEvent started) {
        if (!owner.isApart()) {
            flyway.migrate();
            return;
        }
        finish(pair.check());
        flyway.migrate();
        if (!newerReleaseWasHere()) {
            finish(rights.give());
        }
    }

    private boolean newerReleaseWasHere() {
        return Arrays.stream(flyway.info().applied())
                .map(MigrationInfo::getState)
                .anyMatch(MigrationState.FUTURE_SUCCESS::equals);
    }

    private static void finish(Uni<Void> step) {
        step.await().atMost(LIMIT);
    }
}
