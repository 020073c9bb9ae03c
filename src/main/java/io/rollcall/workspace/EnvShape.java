package io.rollcall.workspace;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An entry of {@code required_env} for the API's document; the column is passed on and not taken apart. */
@Schema(
        name = "EnvRequirement",
        description = "The name of an environment variable, or several of which one will do",
        examples = "GITHUB_TOKEN",
        oneOf = {EnvShape.Name.class, EnvShape.Alternatives.class})
public interface EnvShape {

    /** What a variable can be called. */
    String NAME = "^[A-Z][A-Z0-9_]{0,127}$";

    /** One name. */
    @Schema(name = "EnvName", type = SchemaType.STRING, pattern = NAME)
    interface Name {}

    /** Several names. */
    @Schema(name = "EnvAlternatives")
    record Alternatives(
            @Schema(minItems = 1, implementation = Name[].class)
            List<String> anyOf) {}
}
