package io.rollcall.workspace;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An entry of {@code agents} for the API's document; the column is passed on and not taken apart. */
@Schema(
        name = "Agent",
        description = "An agent's id, or an object with the id and whatever else belongs to the agent",
        examples = "reviewer",
        oneOf = {String.class, AgentShape.Details.class})
public interface AgentShape {

    /** An agent with more than its id. */
    @Schema(name = "AgentDetails", additionalProperties = Schema.True.class)
    record Details(@Schema(minLength = 1, maxLength = 200) String id) {}
}
