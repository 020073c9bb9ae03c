package io.rollcall.access;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of the audit trail. */
@RegisterForReflection
@Schema(name = "AuditPage")
record AuditPage(
        List<AuditEntry> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {}
