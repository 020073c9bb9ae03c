package io.rollcall.activity;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How far an inbox has been read. */
@RegisterForReflection
@Schema(name = "Acknowledged")
record Acknowledged(
        @Schema(description = "As it is now: never less than it was")
        long ackedSeq,

        @Schema(description = "The last message there is") long lastSeq) {}
