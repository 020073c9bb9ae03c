package io.rollcall.workspace;

import io.rollcall.http.Texts;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An entry of {@code agents} for the API's document; the column is passed on and not taken apart. */
@Schema(
        name = "Agent",
        description = "An agent's id, or an object with the id and whatever else belongs to the agent",
        examples = "reviewer",
        oneOf = {AgentShape.Id.class, AgentShape.Details.class})
public interface AgentShape {

    /** The longest id, in characters. */
    int LONGEST_ID = 200;

    /** An agent of which no more is said. */
    @Schema(name = "AgentId", type = SchemaType.STRING, minLength = 1, maxLength = LONGEST_ID, pattern = Texts.NAME)
    interface Id {}

    /** An agent with more than its id. */
    @Schema(name = "AgentDetails", additionalProperties = Schema.True.class)
    record Details(
            @Schema(minLength = 1, maxLength = LONGEST_ID, pattern = Texts.NAME)
            String id) {}
}
