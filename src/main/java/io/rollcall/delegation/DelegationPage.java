package io.rollcall.delegation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Page;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of delegations. */
@RegisterForReflection
@Schema(name = "DelegationPage")
record DelegationPage(
        List<Delegation> items,

        @Nullable @Schema(description = "For `cursor`; null on the last page")
        String nextCursor) {

    static DelegationPage of(List<Delegation> rows, int limit) {
        Page<Delegation> page = Page.ofSerial(rows, limit, Delegation::id);
        return new DelegationPage(page.items(), page.nextCursor());
    }
}
