package io.rollcall.schema;

import io.rollcall.Misconfigured;
import io.rollcall.SchemaTooNew;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.DatabaseException;
import java.time.Duration;
import org.jboss.logging.Logger;

/** A start's, with a database that is not there yet: some minutes. */
final class Patience {

    private static final Logger LOG = Logger.getLogger(Patience.class);
    private static final int TRIES = 10;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private Patience() {}

    static <T> Uni<T> with(Uni<T> asking) {
        return asking.onFailure(Patience::mayPass)
                .invoke(failure -> LOG.warnf("Waiting for the database: %s", failure.getMessage()))
                .onFailure(Patience::mayPass)
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .atMost(TRIES);
    }

    /** A database that is still starting passes; a wrong password (28...) or name (3D000), a missing right, or our refusal not. */
    private static boolean mayPass(Throwable failure) {
        if (failure instanceof DatabaseException refused) {
            String state = String.valueOf(refused.getSqlState());
            return !state.startsWith("28") && !state.startsWith("3D") && !state.equals(INSUFFICIENT_PRIVILEGE);
        }
        return !(failure instanceof Misconfigured || failure instanceof SchemaTooNew);
    }
}
