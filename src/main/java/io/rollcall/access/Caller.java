package io.rollcall.access;

import io.rollcall.schema.Tenant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who makes a request: the platform's admin, or the holder of a token. */
public final class Caller {

    private static final String PLATFORM = "platform admin";

    private final @Nullable KnownToken token;
    private final String requestId;

    /** @param token null for the platform's admin */
    Caller(@Nullable KnownToken token, String requestId) {
        this.token = token;
        this.requestId = requestId;
    }

    /** The name under which history and audit know the caller, with the token's id, since names repeat; never a secret. */
    public String actor() {
        return actor(token);
    }

    static String actor(@Nullable KnownToken token) {
        return token == null ? PLATFORM : token.name() + " (" + token.id() + ")";
    }

    /** Whose rows the caller may name, as every statement that finds a row says; null: everybody's. */
    public @Nullable UUID organisation() {
        return token == null ? null : token.orgId();
    }

    /** Whether the caller may speak for the workspace: a workspace's token only for its own. */
    public boolean mayActAs(UUID workspaceId) {
        UUID own = workspace();
        return own == null || own.equals(workspaceId);
    }

    /** Whose token it is when it is a workspace's: for which the caller may speak alone; else null. */
    public @Nullable UUID workspace() {
        return token == null || token.scope() != TokenScope.WORKSPACE ? null : token.workspaceId();
    }

    /** The request's id, as in the {@code X-Request-Id} header and the log. */
    public String requestId() {
        return requestId;
    }

    /** Null: the platform's admin. */
    @Nullable KnownToken token() {
        return token;
    }

    @Nullable UUID tokenId() {
        return token == null ? null : token.id();
    }

    Tenant tenant() {
        UUID organisation = organisation();
        return organisation == null ? Tenant.PLATFORM : Tenant.of(organisation);
    }
}
