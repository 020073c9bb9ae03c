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
 * Refuses to start where row security would be there and do nothing: under a superuser or a role with BYPASSRLS, with a
 * table of an {@code org_id} that has no forced policy, or under a role that may TRUNCATE one without owning it, which no
 * policy holds back.
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

    private static final String TRUNCATABLE = """
            SELECT c.relname AS name
              FROM pg_class c
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
               AND has_table_privilege(c.oid, 'TRUNCATE')
             ORDER BY 1
            """;

    private final Pool pool;
    private final Owner owner;

    RowSecurity(Pool pool, Owner owner) {
        this.pool = pool;
        this.owner = owner;
    }

    void atStart(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent started) {
        Row role = rows(ROLE).iterator().next();
        if (role.getBoolean("unbound")) {
            throw new Misconfigured("the database role " + role.getString("role")
                    + " is not bound by row security (superuser or BYPASSRLS); give ROLLCALL_DATABASE_URL an ordinary role"
                    + " that owns its database: CREATE ROLE rollcall LOGIN PASSWORD '…'; CREATE DATABASE rollcall OWNER"
                    + " rollcall");
        }
        String open = names(OPEN_TABLES);
        if (!open.isEmpty()) {
            throw new Misconfigured("row security is not forced, or has no policy, on: " + open
                    + "; the migrations set it, so somebody has changed these tables since");
        }
        String truncatable = owner.isApart() ? names(TRUNCATABLE) : "";
        if (!truncatable.isEmpty()) {
            throw new Misconfigured("the database role " + role.getString("role") + " may TRUNCATE " + truncatable
                    + ", by PUBLIC or by a role of which it is a member; as the owner: REVOKE TRUNCATE ON "
                    + truncatable
                    + " FROM PUBLIC, or from that role");
        }
    }

    private String names(String query) {
        List<String> names = new ArrayList<>();
        rows(query).forEach(row -> names.add(row.getString("name")));
        return String.join(", ", names);
    }

    private RowSet<Row> rows(String query) {
        return pool.query(query).execute().await().atMost(LIMIT);
    }
}
