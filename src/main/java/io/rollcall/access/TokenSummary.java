package io.rollcall.access;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Cursor;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A token as it is shown again: without its secret, which nobody has but its holder. */
@RegisterForReflection
@Schema(name = "Token")
record TokenSummary(
        UUID id,
        String name,

        @Schema(enumeration = {"admin", "write", "read", "workspace"})
        String scope,

        @Schema(description = "How the token begins") String prefix,

        @Schema(description = "Whose token asked for it", examples = "platform admin")
        String createdBy,

        OffsetDateTime createdAt,

        @Nullable @Schema(description = "From when on it is refused; null: never")
        OffsetDateTime expiresAt,

        @Nullable @Schema(description = "To ten minutes; null: not yet")
        OffsetDateTime lastUsedAt) {

    @JsonIgnore
    Cursor cursor() {
        return new Cursor(createdAt, id);
    }

    /** A page of tokens. */
    @RegisterForReflection
    @Schema(name = "TokenPage")
    record Listed(
            List<TokenSummary> items,

            @Nullable @Schema(description = "For `cursor`; null on the last page")
            String nextCursor) {}
}
