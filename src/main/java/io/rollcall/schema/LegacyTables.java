package io.rollcall.schema;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Tables under a name that their system has left behind, beside one of the present name: both are kept, since nobody but a
 * person can say which rows count, and it is said in readiness ({@code legacy_tables}) and as {@code rollcall_legacy_tables}
 * until one of the two is gone. It is no reason not to be ready.
 */
@ApplicationScoped
public class LegacyTables {

    /** agentmux's names: the old one, and the present one. */
    public static final Map<String, String> RENAMED = renamed();

    private static final Logger LOG = Logger.getLogger(LegacyTables.class);

    private static final String PAIRS = """
            SELECT count(*)::int AS pairs,
                   coalesce(string_agg(format('%I.%I and %I', n.nspname, legacy.relname, pair.present), '; '
                                       ORDER BY n.nspname, legacy.relname), '') AS said
              FROM unnest($1::text[], $2::text[]) AS pair (legacy, present)
              JOIN pg_class legacy ON legacy.relname = pair.legacy AND legacy.relkind IN ('r', 'p')
              JOIN pg_class present ON present.relname = pair.present AND present.relkind IN ('r', 'p')
                                   AND present.relnamespace = legacy.relnamespace
              JOIN pg_namespace n ON n.oid = legacy.relnamespace
            """;

    private final Pool pool;
    private final AtomicInteger pairs;
    private volatile String said = "";

    LegacyTables(Pool pool, MeterRegistry meters) {
        this.pool = pool;
        this.pairs = meters.gauge("rollcall.legacy.tables", new AtomicInteger());
    }

    void atStart(@Observes StartupEvent started) {
        look().subscribe().with(done -> {});
    }

    @Scheduled(every = "60s", delayed = "60s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return pool.preparedQuery(PAIRS)
                .execute(Tuple.of(
                        RENAMED.keySet().toArray(String[]::new),
                        RENAMED.values().toArray(String[]::new)))
                .map(rows -> rows.iterator().next())
                .invoke(row -> {
                    said = row.getString("said");
                    pairs.set(row.getInteger("pairs"));
                })
                .replaceWithVoid()
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.debugf("Could not look for legacy tables: %s", failure.getMessage());
                    return null;
                });
    }

    /** Both names of each pair; empty when there is none. */
    String said() {
        return said;
    }

    private static Map<String, String> renamed() {
        var names = new LinkedHashMap<String, String>();
        names.put("db_forge_agents", "db_agent_definitions");
        names.put("db_forge_content", "db_agent_content");
        names.put("db_forge_skills", "db_agent_skills");
        names.put("db_forge_history", "db_agent_history");
        names.put("db_forge_agent_identities", "db_agent_identity_links");
        names.put("db_identities", "db_identity_bundles");
        names.put("db_memories", "db_memory_bundles");
        return java.util.Collections.unmodifiableMap(names);
    }
}
