package io.rollcall.http;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Forgets kept replies after their time, in bounded batches, on any number of replicas. */
@ApplicationScoped
class IdempotencyRetention {

    /** How long replies are kept. */
    @ConfigMapping(prefix = "rollcall.idempotency")
    interface Settings {
        /** The promise to clients: a key repeated within this time gets the first reply again. */
        @WithDefault("24h")
        Duration retention();
    }

    private static final Logger LOG = Logger.getLogger(IdempotencyRetention.class);
    private static final int BATCH = 1000;

    private static final String FORGET = """
            WITH old AS (
                SELECT actor, method, path, key FROM idempotency_keys
                 WHERE created_at < now() - make_interval(secs => $1)
                 ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
            DELETE FROM idempotency_keys k USING old
             WHERE (k.actor, k.method, k.path, k.key) = (old.actor, old.method, old.path, old.key)
            """;

    private final Pool pool;
    private final Settings settings;

    IdempotencyRetention(Pool pool, Settings settings) {
        this.pool = pool;
        this.settings = settings;
    }

    @Scheduled(every = "10m", delayed = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> forgetOld() {
        return pool.preparedQuery(FORGET)
                .execute(Tuple.of((double) settings.retention().toSeconds(), BATCH))
                .chain(deleted -> deleted.rowCount() == BATCH
                        ? forgetOld()
                        : Uni.createFrom().voidItem())
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("Could not forget old idempotency keys, trying again later: %s", failure.getMessage());
                    return null;
                });
    }
}
