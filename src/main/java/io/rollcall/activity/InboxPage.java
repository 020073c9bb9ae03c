package io.rollcall.activity;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of an inbox. */
@RegisterForReflection
@Schema(name = "InboxPage")
record InboxPage(
        List<InboxMessage> items,

        @Schema(description = "Up to which message the agent has said that it is done")
        long ackedSeq,

        @Schema(description = "The last message there is; 0 when there never was one")
        long lastSeq,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {}
