package io.rollcall.workspace;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An entry of {@code required_env} for the API's document; the column is passed on and not taken apart. */
@Schema(
        name = "EnvRequirement",
        description = "The name of an environment variable, or several of which one will do",
        examples = "GITHUB_TOKEN",
        oneOf = {String.class, EnvShape.Alternatives.class})
public interface EnvShape {

    /** Several names. */
    @Schema(name = "EnvAlternatives")
    record Alternatives(@Schema(minItems = 1) List<String> anyOf) {}
}
