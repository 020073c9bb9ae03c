package io.rollcall.access;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A token as it is shown to who asked for it, once. */
@RegisterForReflection
@Schema(name = "MintedToken")
record MintedToken(
        UUID id,
        String name,

        @Schema(enumeration = {"admin", "write", "read", "workspace"})
        String scope,

        @Schema(description = "How the token begins, by which a list or a scanner knows it")
        String prefix,

        @Schema(description = "The token, for `Authorization: Bearer`. Shown only here: keep it")
        String token,

        @Nullable OffsetDateTime expiresAt) {}
