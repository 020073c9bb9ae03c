package io.rollcall.organisation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A node that a reconcile left.
 *
 * @param reason why, in words
 */
@RegisterForReflection
@Schema(name = "KeptWorkspace", description = "A node that a reconcile left, though the template no longer has it")
record KeptWorkspace(
        UUID id,
        String name,
        String path,
        @Schema(description = "Why, in words") String reason) {}
