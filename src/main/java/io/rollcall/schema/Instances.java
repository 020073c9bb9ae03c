package io.rollcall.schema;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.rollcall.SchemaTooNew;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.sqlclient.DatabaseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * This process among those that serve: a row that says every {@value #SECONDS} seconds that it is there, and of which release
 * it is. A migration that this release would not survive is refused by the database while the row is fresh (migration
 * V20261122100100); from the other side, who registers while such a migration is under way waits for it, and is refused.
 *
 * <p>Limits: a process that the database was away from for over a minute is not counted until its next beat.
 */
@ApplicationScoped
class Instances {

    private static final int SECONDS = 5;
    private static final Logger LOG = Logger.getLogger(Instances.class);

    /** Longer than the patience with a database that is not there yet. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private static final String UNDEFINED_TABLE = "42P01";
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private static final String FORGET_OLD = "DELETE FROM instances WHERE seen_at < now() - interval '1 day'";
    private static final String REGISTER =
            "INSERT INTO instances (id, version) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
    private static final String BEAT = "UPDATE instances SET seen_at = now() WHERE id = $1";
    private static final String FORGET = "DELETE FROM instances WHERE id = $1";

    private final UUID id = UUID.randomUUID();
    private final Pool pool;
    private final Gate gate;
    private final boolean serves;
    private volatile boolean refused;
    private volatile boolean stopped;
    private @Nullable Cancellable beats;

    Instances(Pool pool, Gate gate, @ConfigProperty(name = "rollcall.database.serves") boolean serves) {
        this.pool = pool;
        this.gate = gate;
        this.serves = serves;
    }

    void atStart(@Observes @Priority(Migration.FIRST + 2) StartupEvent started) {
        if (!serves) {
            return;
        }
        register().await().atMost(LIMIT);
        beats = Multi.createFrom()
                .ticks()
                .every(Duration.ofSeconds(SECONDS))
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> beat())
                .subscribe()
                .with(done -> {});
    }

    void atStop(@Observes ShutdownEvent stopping) {
        stopped = true;
        if (beats != null) {
            beats.cancel();
            pool.preparedQuery(FORGET)
                    .execute(Tuple.of(id))
                    .onFailure()
                    .recoverWithNull()
                    .await()
                    .atMost(FAREWELL);
        }
    }

    /**
     * Fails with {@link SchemaTooNew} when a migration came in between. The row first: a migration waits for it, or it for the
     * migration. Before anybody has migrated there is no table; a beat will do it.
     */
    Uni<Void> register() {
        return Patience.with(pool.withConnection(connection -> connection
                .query(FORGET_OLD)
                .execute()
                .chain(() -> enter(connection))
                .chain(() -> SchemaVersion.read(connection))
                .map(found -> found.flatMap(gate::refusal))
                .call(refusal -> refusal.isPresent()
                        ? connection.preparedQuery(FORGET).execute(Tuple.of(id))
                        : Uni.createFrom().voidItem())
                .invoke(Instances::refuse)
                .replaceWithVoid()
                .onFailure(Instances::isUndefinedTable)
                .recoverWithNull()));
    }

    private Uni<Void> beat() {
        return pool.preparedQuery(BEAT)
                .execute(Tuple.of(id))
                // Not after the farewell, which a beat that was under way would undo.
                .chain(seen -> seen.rowCount() == 0 && !stopped
                        ? enter(pool)
                        : Uni.createFrom().voidItem())
                .chain(() -> SchemaVersion.read(pool))
                .invoke(found -> found.flatMap(gate::refusal).ifPresentOrElse(this::say, () -> refused = false))
                .replaceWithVoid()
                .onFailure()
                .invoke(failure -> LOG.debug("This instance could not say that it is there", failure))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> enter(SqlClient client) {
        return client.preparedQuery(REGISTER)
                .execute(Tuple.of(id, gate.release().toString()))
                .replaceWithVoid();
    }

    private static boolean isUndefinedTable(Throwable failure) {
        return failure instanceof DatabaseException refusal && UNDEFINED_TABLE.equals(refusal.getSqlState());
    }

    private void say(String refusal) {
        if (!refused) {
            refused = true;
            LOG.errorf("Not ready any more: %s", refusal);
        }
    }

    private static void refuse(Optional<String> refusal) {
        refusal.ifPresent(reason -> {
            throw new SchemaTooNew(reason);
        });
    }
}
