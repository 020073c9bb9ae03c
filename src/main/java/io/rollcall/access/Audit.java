package io.rollcall.access;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who did what, when, to what: written in the transaction of the mutation, so that neither exists without the other. */
@ApplicationScoped
public class Audit {

    private static final String RECORD = """
            INSERT INTO audit_log (org_id, actor, action, target, request_id, detail)
            VALUES ($1, $2, $3, $4, $5, $6)
            """;

    /**
     * @param connection the mutation's own
     * @param orgId null for what belongs to no organisation
     * @param action a verb in the past on a noun: {@code workspace.removed}
     * @param target the id of what was changed
     * @param detail what a reader needs beyond that; never a secret
     */
    public Uni<Void> record(
            SqlConnection connection,
            Caller caller,
            @Nullable UUID orgId,
            String action,
            String target,
            JsonObject detail) {
        Tuple values = Tuple.tuple()
                .addUUID(orgId)
                .addString(caller.actor())
                .addString(action)
                .addString(target)
                .addString(caller.requestId())
                .addJsonObject(detail);
        return connection.preparedQuery(RECORD).execute(values).replaceWithVoid();
    }
}
