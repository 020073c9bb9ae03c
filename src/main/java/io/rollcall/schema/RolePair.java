package io.rollcall.schema;

import io.rollcall.Misconfigured;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses two URLs that do not separate who migrates from who serves, before anything is migrated: of two databases, of
 * one role, of a serving role that owns something here or can become who does, of an owner that cannot migrate. The hosts
 * may differ, as with a pooler in front of one: what counts is that both lead to the same database of the same server.
 */
@ApplicationScoped
class RolePair {

    private static final String WHERE = """
            SELECT current_user AS role, current_database() AS database,
                   concat_ws(' ', d.oid, pg_postmaster_start_time()) AS identity
              FROM pg_database d WHERE d.datname = current_database()
            """;

    /** Asked as the owner; $1 is the serving role, $2 our tables. */
    private static final String FAULTS = """
            SELECT format('%s belongs to %s', string_agg(c.relname, ', ' ORDER BY c.relname), o.rolname) AS fault,
                   format('REASSIGN OWNED BY %I TO %I', o.rolname, current_user) AS remedy
              FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner
             WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY ($2::text[]) AND o.rolname <> current_user
             GROUP BY o.rolname
             UNION ALL
            SELECT format('%s is a member of %s', $1::text, current_user), format('REVOKE %I FROM %I', current_user, $1)
             WHERE pg_has_role($1::name, current_user, 'MEMBER')
             UNION ALL
            SELECT format('%s may create and drop in the schema public', $1),
                   CASE WHEN pg_has_role($1::name, d.datdba, 'MEMBER')
                        THEN format('ALTER DATABASE %I OWNER TO %I', d.datname, current_user)
                        ELSE format('REVOKE CREATE ON SCHEMA public FROM PUBLIC, %I', $1) END
              FROM pg_database d
             WHERE d.datname = current_database() AND has_schema_privilege($1::name, 'public', 'CREATE')
             UNION ALL
            SELECT format('%s may not create in the schema public', current_user),
                   format('GRANT CREATE ON SCHEMA public TO %I', current_user)
             WHERE NOT has_schema_privilege('public', 'CREATE')
            """;

    private final Pool pool;
    private final Owner owner;

    RolePair(Pool pool, Owner owner) {
        this.pool = pool;
        this.owner = owner;
    }

    Uni<Void> check() {
        return Patience.with(where(pool)
                .chain(serving -> owner.with(connection -> where(connection)
                        .invoke(owning -> refuseTwoDatabases(serving, owning))
                        .chain(owning -> faults(connection, serving).invoke(found -> refuse(found, serving, owning)))
                        .replaceWithVoid())));
    }

    private static Uni<Row> where(SqlClient client) {
        return client.query(WHERE).execute().map(rows -> rows.iterator().next());
    }

    private static Uni<RowSet<Row>> faults(SqlClient asOwner, Row serving) {
        String[] tables = ServingRights.OF_TABLES.keySet().toArray(String[]::new);
        return asOwner.preparedQuery(FAULTS).execute(Tuple.of(serving.getString("role"), tables));
    }

    private static void refuseTwoDatabases(Row serving, Row owning) {
        if (!serving.getString("identity").equals(owning.getString("identity"))) {
            throw new Misconfigured("ROLLCALL_DATABASE_URL leads to a database " + serving.getString("database")
                    + " and ROLLCALL_DATABASE_OWNER_URL to another one, " + owning.getString("database")
                    + "; they must lead to the same one, by two roles");
        }
        if (serving.getString("role").equals(owning.getString("role"))) {
            throw new Misconfigured("ROLLCALL_DATABASE_URL and ROLLCALL_DATABASE_OWNER_URL both name the role "
                    + serving.getString("role") + "; leave the latter out, or give it the role that owns the tables");
        }
    }

    private static void refuse(RowSet<Row> found, Row serving, Row owning) {
        List<String> faults = new ArrayList<>();
        List<String> remedies = new ArrayList<>();
        for (Row row : found) {
            faults.add(row.getString("fault"));
            remedies.add(row.getString("remedy"));
        }
        if (!faults.isEmpty()) {
            throw new Misconfigured(
                    "with ROLLCALL_DATABASE_OWNER_URL the role that serves (" + serving.getString("role")
                            + ") may own nothing, and the other one (" + owning.getString("role") + ") owns all: "
                            + String.join("; ", faults) + ". To mend it, as a superuser in the database "
                            + owning.getString("database") + ": " + String.join("; ", remedies));
        }
    }
}
