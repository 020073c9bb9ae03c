package io.rollcall.settings;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.OffsetDateTime;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A document in a list, without its content. */
@RegisterForReflection
@Schema(name = "SettingSummary")
record SettingSummary(
        @Schema(implementation = SettingKey.Form.class) String key,

        @Schema(description = "1 at first, and one more with each change")
        long version,

        @Schema(description = "For `If-Match`, with its quotes")
        String etag,

        @Schema(description = "Of the document as it is answered")
        int bytes,

        OffsetDateTime updatedAt) {}
