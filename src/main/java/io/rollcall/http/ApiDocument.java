package io.rollcall.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;

/**
 * What is the same for every operation of the OpenAPI document: the bearer token, and that every error is a problem.
 */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
@OpenAPIDefinition(
        info = @Info(title = "Rollcall", version = "0.1"),
        security = @SecurityRequirement(name = "bearer"),
        components =
                @org.eclipse.microprofile.openapi.annotations.Components(
                        schemas = @Schema(name = "Problem", implementation = ProblemBody.class),
                        securitySchemes =
                                @SecurityScheme(
                                        securitySchemeName = "bearer",
                                        type = SecuritySchemeType.HTTP,
                                        scheme = "bearer")))
public final class ApiDocument implements OASFilter {

    @Override
    public void filterOpenAPI(OpenAPI document) {
        for (PathItem path : document.getPaths().getPathItems().values()) {
            path.getOperations().values().forEach(ApiDocument::addProblem);
        }
        document.getComponents()
                .setSchemas(new TreeMap<>(document.getComponents().getSchemas()));
    }

    private static void addProblem(Operation operation) {
        List.of("401", "403", "400").forEach(operation.getResponses()::removeAPIResponse);
        var content = OASFactory.createContent()
                .addMediaType(
                        "application/problem+json",
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref("#/components/schemas/Problem")));
        operation
                .getResponses()
                .addAPIResponse(
                        "default",
                        OASFactory.createAPIResponse()
                                .description("Refused or failed; `code` says why")
                                .content(content));
    }
}
