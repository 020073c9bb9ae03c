package io.rollcall.delegation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What an agent is to do with what it runs: ids, in the order in which they were sent. */
@RegisterForReflection
@Schema(name = "Reconciled", description = "The ids that were sent, in their order, by what is to be done")
record Reconciled(
        @Schema(description = "In flight, and this agent's: go on")
        List<String> keep,

        @Schema(description = "In flight, but somebody else's by now, or asked to be cancelled: stop")
        List<String> stop,

        @Schema(description = "Ended: stop; a result that is there is kept as a late one")
        List<String> alreadyTerminal,

        @Schema(description = "None of this workspace's has the id")
        List<String> unknown,

        @Schema(
                description =
                        "Claimed by this agent and in flight, but not sent, so the reply to its claim was lost: at most"
                                + " 500, the oldest")
        List<String> unlisted) {}
