package io.rollcall.schema;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import java.util.UUID;

/**
 * Whose rows a transaction may see and write. The policies of every table with an {@code org_id} compare it; without one
 * a transaction sees nothing.
 */
public final class Tenant {

    /** Every organisation: the platform's admin, and the service's own jobs. */
    public static final Tenant PLATFORM = new Tenant("*");

    private final String setting;

    private Tenant(String setting) {
        this.setting = setting;
    }

    public static Tenant of(UUID orgId) {
        return new Tenant(orgId.toString());
    }

    /**
     * For the open transaction only: a session's setting would be the next borrower's. The text is {@code *} or a UUID's,
     * so it needs no parameter, and travels ahead of the transaction's first statement without a round trip of its own.
     */
    public Uni<Void> open(SqlClient transaction) {
        return transaction.query(statement()).execute().replaceWithVoid();
    }

    /** The statement itself, for who sends it together with others. */
    public String statement() {
        return "SET LOCAL rollcall.tenant = '" + setting + "'";
    }
}
