package io.rollcall.schema;

import io.quarkus.runtime.StartupEvent;
import io.rollcall.Misconfigured;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses to start where row security would be there and do nothing: under a superuser or a role with BYPASSRLS, or with a
 * table of an {@code org_id} that has no forced policy.
 */
@ApplicationScoped
class RowSecurity {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String ROLE =
            "SELECT rolname AS role, rolsuper OR rolbypassrls AS unbound FROM pg_roles WHERE rolname = current_user";

    private static final String OPEN_TABLES = """
            SELECT c.relname AS name
              FROM pg_class c
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
               AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
                       SELECT 1 FROM pg_policy p
                        WHERE p.polrelid = c.oid AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL))
             ORDER BY 1
            """;

    private final Pool pool;

    RowSecurity(Pool pool) {
        this.pool = pool;
    }

    void atStart(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent started) {
        Row role = rows(ROLE).iterator().next();
        if (role.getBoolean("unbound")) {
            throw new Misconfigured("the database role " + role.getString("role")
                    + " is not bound by row security (superuser or BYPASSRLS); give ROLLCALL_DATABASE_URL an ordinary role"
                    + " that owns its database: CREATE ROLE rollcall LOGIN PASSWORD '…'; CREATE DATABASE rollcall OWNER"
                    + " rollcall");
        }
        List<String> open = new ArrayList<>();
        rows(OPEN_TABLES).forEach(row -> open.add(row.getString("name")));
        if (!open.isEmpty()) {
            throw new Misconfigured("row security is not forced, or has no policy, on: " + String.join(", ", open)
                    + "; the migrations set it, so somebody has changed these tables since");
        }
    }

    private RowSet<Row> rows(String query) {
        return pool.query(query).execute().await().atMost(LIMIT);
    }
}
