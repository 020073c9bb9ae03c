package io.rollcall.schema;

import static java.util.Map.entry;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * What a serving role that owns nothing may do: exactly this, and what it was given beyond is taken away. A new table needs
 * its line here. No sequence does, since PostgreSQL asks for no right on an identity column's.
 *
 * <p>Invariants: what is right already is not touched; replicas that start together take turns, since two GRANTs on one
 * table at once fail ("tuple concurrently updated"); a table is never without rights that it had and keeps.
 *
 * <p>Limits: only what the role itself was given on these tables is compared. What it may do as a member of another role
 * or as PUBLIC, and tables of somebody else's in the same schema, are left alone; TRUNCATE is looked for in
 * {@link RowSecurity}. An older release would take what a newer one gave: it leaves a newer schema alone ({@link Gate}).
 */
@ApplicationScoped
class ServingRights {

    /** Alphabetical, as the catalog's are compared. */
    static final Map<String, String> OF_TABLES = Map.ofEntries(
            entry("flyway_schema_history", "SELECT"),
            entry("schema_version", "SELECT"),
            entry("instances", "DELETE, INSERT, SELECT, UPDATE"),
            entry("workspaces", "INSERT, SELECT, UPDATE"),
            entry("import_runs", "INSERT, SELECT"),
            entry("audit_log", "INSERT, SELECT, UPDATE"),
            entry("audit_heads", "INSERT, SELECT, UPDATE"),
            entry("tokens", "INSERT, SELECT, UPDATE"),
            entry("idempotency_keys", "DELETE, INSERT, SELECT, UPDATE"),
            entry("admin_token", "INSERT, SELECT"),
            entry("canvas_viewports", "INSERT, SELECT, UPDATE"),
            entry("delegations", "DELETE, INSERT, SELECT, UPDATE"),
            entry("delegation_payloads", "DELETE, INSERT, SELECT"),
            entry("delegation_beats", "DELETE, INSERT, SELECT, UPDATE"),
            entry("delegation_events", "DELETE, INSERT, SELECT"),
            entry("activity_logs", "DELETE, INSERT, SELECT"),
            entry("inboxes", "INSERT, SELECT, UPDATE"),
            entry("inbox_messages", "DELETE, INSERT, SELECT"),
            entry("heartbeats", "DELETE, INSERT, SELECT, UPDATE"),
            entry("agent_states", "DELETE, INSERT, SELECT, UPDATE"),
            entry("incidents", "DELETE, INSERT, SELECT, UPDATE"),
            entry("watchdog_pauses", "DELETE, INSERT, SELECT, UPDATE"),
            entry("bootstrap_files", "DELETE, INSERT, SELECT, UPDATE"),
            entry("bootstrap_pings", "DELETE, INSERT, SELECT, UPDATE"),
            entry("skill_installs", "DELETE, INSERT, SELECT, UPDATE"),
            entry("settings", "DELETE, INSERT, SELECT, UPDATE"),
            entry("agent_metrics", "DELETE, INSERT, SELECT, UPDATE"),
            entry("event_outbox", "DELETE, SELECT"),
            entry("events", "DELETE, INSERT, SELECT"),
            entry("event_sequence", "SELECT, UPDATE"));

    private static final Logger LOG = Logger.getLogger(ServingRights.class);

    private static final String ROLE = "SELECT current_user AS role";
    private static final String TAKE_TURNS =
            "SELECT pg_advisory_xact_lock(hashtextextended('rollcall serving rights', 0))";

    private static final String CHANGES = """
            SELECT format('REVOKE ALL ON public.%1$I FROM %3$I; GRANT %2$s ON public.%1$I TO %3$I',
                          wanted.name, wanted.rights, $1::text) AS change
              FROM unnest($2::text[], $3::text[]) AS wanted (name, rights)
              JOIN pg_class c ON c.relname = wanted.name AND c.relnamespace = 'public'::regnamespace
             WHERE wanted.rights IS DISTINCT FROM (
                       SELECT string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)
                         FROM aclexplode(c.relacl) a
                        WHERE a.grantee = (SELECT r.oid FROM pg_roles r WHERE r.rolname = $1))
             UNION ALL
            SELECT format('GRANT USAGE ON SCHEMA public TO %I', $1)
             WHERE NOT has_schema_privilege($1::name, 'public', 'USAGE')
            """;

    private final Pool pool;
    private final Owner owner;

    ServingRights(Pool pool, Owner owner) {
        this.pool = pool;
        this.owner = owner;
    }

    Uni<Void> give() {
        return pool.query(ROLE)
                .execute()
                .map(rows -> rows.iterator().next().getString("role"))
                .chain(role -> owner.with(connection -> connection.begin().chain(transaction -> give(connection, role)
                        .call(transaction::commit))));
    }

    private static Uni<Void> give(SqlConnection connection, String role) {
        String[] tables = OF_TABLES.keySet().toArray(String[]::new);
        String[] rights = OF_TABLES.values().toArray(String[]::new);
        return connection
                .query(TAKE_TURNS)
                .execute()
                .chain(() -> connection.preparedQuery(CHANGES).execute(Tuple.of(role, tables, rights)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map((Row row) -> row.getString("change"))
                        .toList())
                .chain(changes -> {
                    if (changes.isEmpty()) {
                        return Uni.createFrom().voidItem();
                    }
                    LOG.infof("Changed the rights of the serving role %s on %d tables", role, changes.size());
                    LOG.debugf("%s", changes);
                    return connection
                            .query(String.join("; ", changes))
                            .execute()
                            .replaceWithVoid();
                });
    }
}
