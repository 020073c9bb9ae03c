package io.rollcall.schema;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Provider;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jboss.logging.Logger;

/**
 * Runs Flyway, and ends well where Flyway leaves it to a human.
 *
 * <p>A migration gives up after 200 ms behind somebody else's lock, so that nobody queues behind it: it is tried again, with
 * pauses, for some minutes.
 *
 * <p>Rows that the migrations to come would not take are looked for before the first of them ({@link MigrationPreflight}).
 *
 * <p>One that older instances forbid ({@code instances_outlived}) is put off: this binary works without it, as each release
 * does with the schema of the one before, serves meanwhile, and tries again until they are gone. In a rolling upgrade it
 * would otherwise wait for the old instances, and they for it.
 *
 * <p>One outside of a transaction (a concurrent index build) that failed leaves a note, for which Flyway refuses every start
 * until somebody runs its repair; and that also rewrites checksums, and marks what a newer release did as deleted. Here the
 * notes of this binary's own files are taken away, no more: such a file may run again at any time (a rule of the lint).
 */
@ApplicationScoped
class Migrator {

    private static final Logger LOG = Logger.getLogger(Migrator.class);

    private static final String OUTLIVED = "RC006";

    /** A lock that was not to be had, a deadlock, a connection that was ended. */
    private static final Set<String> PASSING = Set.of("55P03", "40P01", "57P01", "57P02", "08003", "08006");

    private static final int TRIES = 60;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private static final String FORGET_FAILED =
            "DELETE FROM flyway_schema_history WHERE NOT success AND version = ANY (?)";

    private final Provider<Flyway> flyway;
    private final Gate gate;
    private final MigrationPreflight preflight;
    private volatile Optional<PutOff> putOff = Optional.empty();

    Migrator(Provider<Flyway> flyway, Gate gate, MigrationPreflight preflight) {
        this.flyway = flyway;
        this.gate = gate;
        this.preflight = preflight;
    }

    /**
     * A migration that waits for older instances to end.
     *
     * @param alone whether it is the last one, so that this binary has all it needs
     * @param reason in words
     */
    record PutOff(boolean alone, String reason) {}

    Optional<PutOff> putOff() {
        return putOff;
    }

    /** Blocks the thread that subscribes. */
    Uni<Void> migrate() {
        return Uni.createFrom()
                .item(this::migrateOnce)
                .onFailure(Migrator::passes)
                .invoke(failure -> LOG.warnf("The migration is tried again: %s", reason(failure)))
                .onFailure(Migrator::passes)
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .withJitter(0.5)
                .atMost(TRIES)
                .replaceWithVoid()
                .onFailure(FlywayException.class)
                .recoverWithUni(this::afterFailure);
    }

    private Flyway migrateOnce() {
        Flyway migrations = flyway.get();
        lookAhead(migrations);
        try {
            migrations.migrate();
        } catch (FlywayValidateException e) {
            // Another replica may have taken the note away in between, so that there is none any more.
            forgetFailed(migrations);
            migrations.migrate();
        }
        putOff = Optional.empty();
        return migrations;
    }

    /** Before the first of them, so that rows in the way of the last do not leave the schema half way. */
    private void lookAhead(Flyway migrations) {
        List<String> pending = Arrays.stream(migrations.info().pending())
                .map(MigrationInfo::getVersion)
                .filter(Objects::nonNull)
                .map(MigrationVersion::getVersion)
                .toList();
        if (!pending.isEmpty()) {
            preflight.pass(migrations.getConfiguration(), pending);
        }
    }

    private Uni<Void> afterFailure(Throwable failure) {
        if (OUTLIVED.equals(state(failure))) {
            putOff = Optional.of(new PutOff(flyway.get().info().pending().length == 1, reason(failure)));
            LOG.warnf("A migration is put off: %s", reason(failure));
            return Uni.createFrom().voidItem();
        }
        // A newer release may have migrated while this one stood in line.
        return gate.look().chain(verdict -> {
            if (verdict == Gate.Verdict.MIGRATE) {
                return Uni.createFrom().failure(failure);
            }
            putOff = Optional.empty();
            return Uni.createFrom().voidItem();
        });
    }

    private static void forgetFailed(Flyway migrations) {
        String[] failed = Arrays.stream(migrations.info().all())
                .filter(info -> info.getState().isFailed() && info.getState().isResolved())
                .map(MigrationInfo::getVersion)
                .map(MigrationVersion::getVersion)
                .toArray(String[]::new);
        if (failed.length == 0) {
            return;
        }
        LOG.warnf("Run again, since they failed outside of a transaction: %s", String.join(", ", failed));
        try (Connection connection =
                        migrations.getConfiguration().getDataSource().getConnection();
                PreparedStatement forget = connection.prepareStatement(FORGET_FAILED)) {
            forget.setArray(1, connection.createArrayOf("text", failed));
            forget.executeUpdate();
        } catch (SQLException e) {
            throw new FlywayException("the note of a failed migration cannot be taken away: " + e.getMessage(), e);
        }
    }

    private static boolean passes(Throwable failure) {
        return PASSING.contains(state(failure));
    }

    private static String state(Throwable failure) {
        return sqlFailure(failure).map(SQLException::getSQLState).orElse("");
    }

    /** What the database said. */
    private static String reason(Throwable failure) {
        return sqlFailure(failure).map(Throwable::getMessage).orElse(String.valueOf(failure.getMessage()));
    }

    private static Optional<SQLException> sqlFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return Optional.of(sql);
            }
        }
        return Optional.empty();
    }
}
