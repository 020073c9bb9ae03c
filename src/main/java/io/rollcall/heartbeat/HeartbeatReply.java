package io.rollcall.heartbeat;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.delegation.DelegationBeats.Beaten;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The reply to an agent's beat, once it is durable. */
@RegisterForReflection
@Schema(name = "HeartbeatRecorded")
record HeartbeatReply(
        @Schema(description = "`ok`") String status,

        @Schema(ref = "#/components/schemas/WorkspaceStatus")
        String workspaceStatus,

        @Schema(description = NEXT) long nextHeartbeatMs,
        List<Listed> delegations) {

    static final String NEXT = "When to beat again";

    /** What became of a delegation's beat in a list. */
    @RegisterForReflection
    @Schema(name = "ListedDelegationBeaten")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Listed(
            @Schema(description = "As it was sent") @Nullable String delegationId,

            @Schema(description = "False: stop working on it")
            boolean recorded,

            @Nullable @Schema(ref = "#/components/schemas/DelegationStatus")
            String status,

            @Nullable Long attempt,

            @Nullable @Schema(description = "Its caller wants it stopped: report `failed`, or be cut off after a grace")
            Boolean cancelRequested,

            @Nullable @Schema(description = "By the database's clock; 0 when it has passed")
            Long deadlineInMs,

            @Nullable @Schema(description = "Why it was not recorded: as a problem's, or `ENDED`, `FENCED`")
            String code) {

        static Listed of(@Nullable String id, Beaten beaten) {
            return new Listed(
                    id,
                    beaten.recorded(),
                    beaten.status(),
                    beaten.attempt(),
                    beaten.cancelRequested(),
                    beaten.deadlineInMs(),
                    beaten.refusal());
        }

        static Listed refused(@Nullable String id, String code) {
            return new Listed(id, false, null, null, null, null, code);
        }
    }

    /** The reply to a delegation's beat. */
    @RegisterForReflection
    @Schema(name = "DelegationBeaten")
    record OfDelegation(
            @Schema(description = "False when it has ended, or is at another attempt: stop working on it")
            boolean recorded,

            @Schema(ref = "#/components/schemas/DelegationStatus")
            String status,

            long attempt,

            @Schema(description = "Its caller wants it stopped: report `failed`, or be cut off after a grace")
            boolean cancelRequested,

            @Schema(description = "How long until its deadline, by the database's clock; 0 when it has passed")
            long deadlineInMs,

            @Schema(description = NEXT) long nextHeartbeatMs) {}

    /** The reply to beats of many. */
    @RegisterForReflection
    @Schema(name = "HeartbeatsRecorded")
    record Bulk(
            @Schema(description = "How many were recorded, of agents and of delegations")
            long accepted,

            @Schema(description = "Those that were not") List<Rejected> rejected,

            @Schema(description = "Of the delegations that were recorded, those whose caller wants them stopped")
            List<String> cancelRequested,

            @Schema(description = NEXT) long nextHeartbeatMs) {}

    /** An element that was not recorded. */
    @RegisterForReflection
    @Schema(name = "RejectedBeat")
    record Rejected(
            @Schema(enumeration = {"heartbeats", "delegations"})
            String list,

            @Schema(description = "Where it stands in the list, from 0")
            int index,

            @Schema(description = "As a problem's; of a delegation also `ENDED`, `FENCED`")
            String code,

            String detail) {}
}
