package io.rollcall.delegation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A {@link Delegation} with what only some replies say of it. */
@RegisterForReflection
@Schema(name = "DelegationDetail", description = "A delegation, and what only some replies say of it")
record DelegationDetail(
        @JsonUnwrapped Delegation delegation,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "`true` when it had been made before, by the same `delegation_id` or `idempotency_key`")
        Boolean idempotentHit,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "The whole task; when claimed, and when asked for alone")
        String task,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "The callee's latest note; when asked for alone")
        String note,

        @Nullable @JsonRawValue
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(implementation = Object.class, description = "The whole result, as it was sent; when asked for alone")
        String result,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "Results that came after the end, or from a stale attempt; when asked for alone")
        List<LateResult> lateResults) {

    static DelegationDetail made(Delegation delegation) {
        return new DelegationDetail(delegation, null, null, null, null, null);
    }

    static DelegationDetail hit(Delegation delegation) {
        return new DelegationDetail(delegation, true, null, null, null, null);
    }

    static DelegationDetail claimed(Delegation delegation, String task) {
        return new DelegationDetail(delegation, null, task, null, null, null);
    }
}
