package io.rollcall.schema;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.rollcall.SchemaTooNew;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
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
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private static final String FORGET_OLD = "DELETE FROM instances WHERE seen_at < now() - interval '1 day'";
    private static final String REGISTER =
            "INSERT INTO instances (id, version) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
    // No upsert: one that is under way when the process says farewell would bring its row back.
    private static final String BEAT = "UPDATE instances SET seen_at = now() WHERE id = $1";
    private static final String FORGET = "DELETE FROM instances WHERE id = $1";

    private final UUID id = UUID.randomUUID();
    private final Pool pool;
    private final Gate gate;
    private final boolean serves;
    private volatile boolean refused;
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

    void atStop(@Observes ShutdownEvent stopped) {
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

    /** Fails with {@link SchemaTooNew} when a migration came in between. The row first: a migration waits for it, or it for the migration. */
    Uni<Void> register() {
        return Patience.with(pool.withConnection(connection -> connection
                .query(FORGET_OLD)
                .execute()
                .chain(() -> connection
                        .preparedQuery(REGISTER)
                        .execute(Tuple.of(id, gate.release().toString())))
                .chain(() -> SchemaVersion.read(connection))
                .map(found -> found.flatMap(gate::refusal))
                .call(refusal -> refusal.isPresent()
                        ? connection.preparedQuery(FORGET).execute(Tuple.of(id))
                        : Uni.createFrom().voidItem())
                .invoke(Instances::refuse)
                .replaceWithVoid()));
    }

    private Uni<Void> beat() {
        return pool.preparedQuery(BEAT)
                .execute(Tuple.of(id))
                .chain(() -> SchemaVersion.read(pool))
                .invoke(found -> found.flatMap(gate::refusal).ifPresentOrElse(this::say, () -> refused = false))
                .replaceWithVoid()
                .onFailure()
                .invoke(failure -> LOG.debug("This instance could not say that it is there", failure))
                .onFailure()
                .recoverWithNull();
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
