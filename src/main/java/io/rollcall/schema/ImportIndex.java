package io.rollcall.schema;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.sqlclient.DatabaseException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The unique index that every import's {@code ON CONFLICT} infers. A concurrent build that failed leaves it there but
 * INVALID: {@code IF NOT EXISTS} is content with it, and each import then fails with 42P10. So it is looked at, at start
 * and every minute: an invalid or missing one is built again, and what stands in the way is named in readiness.
 *
 * <p>Invariants: one replica builds (session advisory lock), as the tables' owner; a build in progress is left alone; an
 * index of another definition is named, never touched. A role that does not own the tables is not shown their owner's
 * builds: readiness then calls such an index invalid, and who wants to build it finds out as the owner.
 */
@ApplicationScoped
public class ImportIndex {

    /** Its name, which PostgreSQL also gives as the constraint in a unique violation. */
    public static final String NAME = "workspaces_parent_name_uniq";

    private static final Logger LOG = Logger.getLogger(ImportIndex.class);

    static final String DEFINITION = """
            CREATE UNIQUE INDEX workspaces_parent_name_uniq ON public.workspaces USING btree \
            (COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), name) \
            WHERE (status <> 'removed'::text)""";

    private static final String STATE = """
            SELECT i.indisvalid AND i.indisready AS valid,
                   pg_get_indexdef(i.indexrelid) AS definition,
                   EXISTS (SELECT 1 FROM pg_stat_progress_create_index p WHERE p.relid = i.indrelid) AS building
              FROM pg_index i
             WHERE i.indexrelid = to_regclass($1)
            """;

    private static final String DUPLICATES = """
            SELECT count(*) AS names, coalesce(min(name), '') AS sample
              FROM (SELECT name FROM workspaces WHERE status <> 'removed'
                     GROUP BY COALESCE(parent_id, '00000000-0000-0000-0000-000000000000'::uuid), name
                    HAVING count(*) > 1) AS duplicate
            """;

    private static final String LOCK = "SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken";
    private static final String UNLOCK = "SELECT pg_advisory_unlock(hashtextextended($1, 0))";
    private static final String NO_STATEMENT_TIMEOUT = "SET statement_timeout = 0";
    private static final String DROP = "DROP INDEX CONCURRENTLY IF EXISTS " + NAME;
    private static final String CREATE = DEFINITION.replace("CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX CONCURRENTLY");

    private final Pool pool;
    private final Owner owner;
    private final boolean jobs;

    /** @param jobs false in a process that only looks, such as {@code audit verify}: it must not build anything */
    ImportIndex(
            Pool pool,
            Owner owner,
            @ConfigProperty(name = "quarkus.scheduler.enabled", defaultValue = "true") boolean jobs) {
        this.pool = pool;
        this.owner = owner;
        this.jobs = jobs;
    }

    /** @return what is wrong with the index, in words for an operator; empty when imports can rely on it */
    public Uni<Optional<String>> problem() {
        return state(pool).chain(state -> switch (state) {
            case VALID -> Uni.createFrom().item(Optional.empty());
            case BUILDING -> Uni.createFrom().item(Optional.of(NAME + " is being built"));
            case FOREIGN ->
                Uni.createFrom().item(Optional.of(NAME + " has another definition; expected: " + DEFINITION));
            case INVALID, MISSING ->
                duplicates().map(found -> Optional.of(NAME + " is " + state.word() + "; " + found));
        });
    }

    void atStart(@Observes StartupEvent started) {
        if (jobs) {
            repair().subscribe().with(done -> {});
        }
    }

    @Scheduled(every = "60s", delayed = "60s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> repair() {
        return state(pool)
                .chain(state ->
                        state.repairable() ? rebuild() : Uni.createFrom().voidItem())
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("Could not look after %s, trying again in a minute: %s", NAME, failure.getMessage());
                    return null;
                });
    }

    private Uni<Void> rebuild() {
        return owner.with(connection -> connection
                .preparedQuery(LOCK)
                .execute(Tuple.of(NAME))
                .map(rows -> rows.iterator().next().getBoolean("taken"))
                .chain(taken ->
                        taken ? rebuildAlone(connection) : Uni.createFrom().voidItem()));
    }

    private Uni<Void> rebuildAlone(SqlConnection connection) {
        Uni<Void> build = state(connection).chain(state -> {
            if (!state.repairable()) {
                return Uni.createFrom().voidItem();
            }
            LOG.warnf("The import index is %s: building it again", state.word());
            return connection
                    .query(NO_STATEMENT_TIMEOUT)
                    .execute()
                    .chain(() -> connection.query(DROP).execute())
                    .chain(() -> connection.query(CREATE).execute())
                    .invoke(() -> LOG.info("The import index is valid again"))
                    .replaceWithVoid();
        });
        return build.onFailure(DatabaseException.class)
                .invoke(failure -> LOG.errorf("The import index cannot be built: %s", failure.getMessage()))
                .onFailure(DatabaseException.class)
                .recoverWithNull()
                .eventually(() -> connection.preparedQuery(UNLOCK).execute(Tuple.of(NAME)));
    }

    private static Uni<State> state(SqlClient client) {
        return client.preparedQuery(STATE).execute(Tuple.of("public." + NAME)).map(rows -> {
            var found = rows.iterator();
            return found.hasNext() ? State.of(found.next()) : State.MISSING;
        });
    }

    private Uni<String> duplicates() {
        return pool.withTransaction(connection -> Tenant.PLATFORM
                        .open(connection)
                        .chain(() -> connection.query(DUPLICATES).execute()))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    long names = row.getLong("names");
                    return names == 0
                            ? "it is built again within a minute"
                            : names + " name(s) stand twice under one parent, such as \"" + row.getString("sample")
                                    + "\": rename or remove the duplicates, then it is built again within a minute";
                });
    }

    private enum State {
        VALID,
        INVALID,
        MISSING,
        BUILDING,
        FOREIGN;

        static State of(Row row) {
            if (!DEFINITION.equals(row.getString("definition"))) {
                return FOREIGN;
            }
            if (row.getBoolean("valid")) {
                return VALID;
            }
            return row.getBoolean("building") ? BUILDING : INVALID;
        }

        boolean repairable() {
            return this == INVALID || this == MISSING;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
