package io.rollcall.access;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A token as its holder is shown it again: what it opens, so that a page can hide what it may not do. */
@RegisterForReflection
@Schema(name = "OwnToken", description = "What the token that asks is")
record OwnToken(
        @Schema(enumeration = {"platform", "organisation", "workspace"})
        String kind,

        @Schema(
                enumeration = {"admin", "write", "read", "workspace"},
                description =
                        "`admin` may all, `write` all but tokens and the audit trail, `read` looks, `workspace` acts as one")
        String scope,

        @Nullable @Schema(description = "Whose; null: the platform's, which sees all organisations")
        UUID orgId,

        @Nullable @Schema(description = "For which workspace a workspace's token speaks; null for all others")
        UUID workspaceId,

        String name,

        @Nullable @Schema(description = "How the token begins; null: the platform's")
        String prefix,

        @Nullable @Schema(description = "From when on it is refused; null: never")
        OffsetDateTime expiresAt) {

    private static final String PLATFORM = "platform";

    static OwnToken ofPlatform() {
        return new OwnToken(PLATFORM, TokenScope.ADMIN.word(), null, null, Caller.actor(null), null, null);
    }

    static OwnToken of(KnownToken token, @Nullable OffsetDateTime expiresAt) {
        boolean ofWorkspace = token.scope() == TokenScope.WORKSPACE;
        return new OwnToken(
                ofWorkspace ? "workspace" : "organisation",
                token.scope().word(),
                token.orgId(),
                ofWorkspace ? token.workspaceId() : null,
                token.name(),
                token.scope().kind().prefix(token.id()),
                expiresAt);
    }
}
