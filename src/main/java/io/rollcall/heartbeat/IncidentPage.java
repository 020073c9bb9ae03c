package io.rollcall.heartbeat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Page;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of incidents. */
@RegisterForReflection
@Schema(name = "IncidentPage")
record IncidentPage(
        List<Incident> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {

    static IncidentPage of(List<Incident> rows, int limit) {
        Page<Incident> page = Page.ofSerial(rows, limit, Incident::id);
        return new IncidentPage(page.items(), page.nextCursor());
    }
}
