package io.rollcall.access;

import io.rollcall.schema.Tenant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request.
 *
 * @param actor the name under which history and audit know the caller; never a secret
 * @param organisation whose rows the caller may name: every statement that finds a row says so; null: everybody's
 * @param requestId the request's id, as in the {@code X-Request-Id} header and the log
 */
public record Caller(String actor, @Nullable UUID organisation, String requestId) {

    Tenant tenant() {
        return organisation == null ? Tenant.PLATFORM : Tenant.of(organisation);
    }
}
