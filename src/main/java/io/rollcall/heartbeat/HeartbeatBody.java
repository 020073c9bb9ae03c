package io.rollcall.heartbeat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.workspace.AgentId;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /registry/heartbeat}, for the API's document. */
@RegisterForReflection
@Schema(
        name = "Heartbeat",
        additionalProperties = Schema.True.class,
        description =
                "A sign of life. With any of `status` to `detail` it says all that is to be said of the agent: what it"
                        + " leaves out is not known from then on. Fields that are not known are ignored",
        examples =
                "{\"workspace_id\": \"01980000-0000-7000-8000-000000000000\", \"status\": \"running\", \"error_rate\": 0}")
record HeartbeatBody(
        UUID workspaceId,

        @Nullable @Schema(
                minLength = 1,
                maxLength = AgentId.LONGEST,
                pattern = io.rollcall.http.Texts.NAME,
                description = "Which of the workspace's agents; absent: `main`")
        String agentId,

        @Nullable @Schema(implementation = AgentStatus.class)
        String status,

        @Nullable @Schema(
                minimum = "0",
                maximum = "1",
                description = "From 0.5 on the workspace is `degraded`, until it is below 0.1")
        Double errorRate,

        @Nullable @Schema(description = "The last error's text; cut to 1,000 characters")
        String sampleError,

        @Nullable @Schema(minimum = "0") Integer activeTasks,

        @Nullable @Schema(description = "What it is at; cut to 1,000 characters")
        String currentTask,

        @Nullable @Schema(minimum = "0", maximum = "3200000000", description = "Since when it runs")
        Double uptimeSeconds,

        @Nullable @Schema(maxLength = AgentId.LONGEST) String loopId,

        @Nullable @Schema(implementation = Object.class, description = "Any JSON of at most 4,096 characters")
        String detail,

        @Nullable @Schema(
                maxItems = BeatReader.MOST,
                description = "What it works on. Each is judged by itself, and answered by itself")
        List<ListedDelegation> delegations) {

    /** A delegation's beat in a list. */
    @RegisterForReflection
    @Schema(name = "ListedDelegationBeat", additionalProperties = Schema.True.class)
    record ListedDelegation(
            @Schema(description = "The delegation's id") String delegationId,

            @Nullable @Schema(minimum = "0", maximum = "2147483647", description = "As the claim answered it")
            Long attempt,

            @Nullable Double progress,
            @Nullable String note) {}

    /** The body of {@code POST /heartbeats}. */
    @RegisterForReflection
    @Schema(name = "Heartbeats", additionalProperties = Schema.True.class)
    record Bulk(
            @Nullable @Schema(maxItems = BeatReader.MOST) List<HeartbeatBody> heartbeats,
            @Nullable @Schema(maxItems = BeatReader.MOST) List<ListedDelegation> delegations) {}
}
