package io.rollcall.workspace;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The answer to a removal.
 *
 * @param cascadeDeleted how many nodes below went with it
 */
@RegisterForReflection
@Schema(name = "Removed")
record Removed(
        @Schema(enumeration = "removed") String status,

        @Schema(description = "How many nodes below were removed with it")
        int cascadeDeleted) {}
