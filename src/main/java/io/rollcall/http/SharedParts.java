package io.rollcall.http;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/**
 * The parameters, headers and refusals that mean the same wherever an operation has them: a resource names them, this
 * describes them.
 */
final class SharedParts {

    private static final String IF_MATCH = "If-Match";
    private static final String RETRY_AFTER = "Retry-After";
    private static final String REPLAYED = "Idempotency-Replayed";

    private static final Map<String, String> HEADERS = Map.of(
            "ETag",
            "Changes whenever the row does; for `If-Match`",
            "Location",
            "The path of what was made",
            RETRY_AFTER,
            "In how many seconds the same request may succeed; absent when it will not",
            REPLAYED,
            "`true` when this is the first reply again");

    private SharedParts() {}

    static void complete(Operation operation) {
        if (operation.getParameters() != null) {
            operation.getParameters().forEach(SharedParts::describe);
        }
        addRefusals(operation);
        Map<String, APIResponse> responses =
                new TreeMap<>(operation.getResponses().getAPIResponses());
        responses.forEach((status, response) -> {
            boolean refusal = status.compareTo("400") >= 0;
            if (refusal) {
                answerProblem(response);
            }
            if (!refusal && has(operation, IdempotencyKey.HEADER)) {
                response.addHeader(REPLAYED, OASFactory.createHeader());
            }
            if (response.getHeaders() != null) {
                response.getHeaders().forEach(SharedParts::describe);
            }
        });
        operation.getResponses().setAPIResponses(responses);
    }

    private static void describe(Parameter parameter) {
        switch (parameter.getName()) {
            case IdempotencyKey.HEADER -> {
                parameter.description(
                        "Chosen by you for this one request. Sent again within 24 h with the same key, the"
                                + " request has no second effect and gets the first reply again");
                parameter.getSchema().minLength(1).maxLength(255).pattern("^[!-~]+$");
            }
            case IF_MATCH -> parameter.description("The `ETag` that the change is meant for, or `*`");
            case "limit" -> {
                parameter.description("How many items a page has at most");
                // An older list has its own.
                if (parameter.getSchema().getMaximum() == null) {
                    parameter
                            .getSchema()
                            .type(List.of(SchemaType.INTEGER))
                            .minimum(BigDecimal.ONE)
                            .maximum(BigDecimal.valueOf(Page.MOST))
                            .defaultValue(Page.USUAL);
                }
            }
            case "cursor" -> parameter.description("The `next_cursor` of the page before; absent for the first page");
            default -> {}
        }
    }

    private static void describe(String name, Header header) {
        String description = HEADERS.get(name);
        if (description == null) {
            throw new IllegalStateException("SharedParts does not describe the header " + name);
        }
        SchemaType type = name.equals(RETRY_AFTER) ? SchemaType.INTEGER : SchemaType.STRING;
        header.description(description).schema(OASFactory.createSchema().addType(type));
    }

    private static void addRefusals(Operation operation) {
        APIResponses responses = operation.getResponses();
        if (operation.getRequestBody() != null) {
            refuse(responses, "400", "`BAD_REQUEST`: cannot be parsed, or has an unknown field or word");
            refuse(responses, "422", "`VALIDATION_FAILED`: a value breaks a rule");
        }
        if (operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(p -> p.getIn() == Parameter.In.PATH)) {
            refuse(responses, "404", "`NOT_FOUND`: there is none with this id");
        }
        if (has(operation, IF_MATCH)) {
            refuse(responses, "412", "`STALE`: changed since; the header has the present `ETag`");
            header(responses.getAPIResponse("412"), "ETag");
        }
        if (has(operation, IdempotencyKey.HEADER)) {
            refuse(responses, "409", "`IDEMPOTENCY_KEY_IN_USE`: the first request with this key is still running");
            refuse(responses, "422", "`IDEMPOTENCY_KEY_REUSED`: the key was sent with another request before");
            header(responses.getAPIResponse("409"), RETRY_AFTER);
        }
        refuse(
                responses,
                "default",
                "Any other refusal (400, 401, 403, 406, 413 and so on) or failure: 500, or 503 while the database is away or"
                        + " busy");
        header(responses.getAPIResponse("default"), RETRY_AFTER);
    }

    /** Adds to what the resource itself says of the status. */
    private static void refuse(APIResponses responses, String status, String description) {
        APIResponse said = responses.getAPIResponse(status);
        if (said == null) {
            responses.addAPIResponse(status, OASFactory.createAPIResponse().description(description));
        } else {
            said.setDescription(said.getDescription() + ". " + description);
        }
    }

    private static void header(APIResponse response, String name) {
        response.addHeader(name, OASFactory.createHeader());
    }

    private static void answerProblem(APIResponse response) {
        response.setContent(OASFactory.createContent()
                .addMediaType(
                        "application/problem+json",
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref("#/components/schemas/Problem"))));
    }

    private static boolean has(Operation operation, String parameter) {
        return operation.getParameters() != null
                && operation.getParameters().stream()
                        .anyMatch(candidate -> candidate.getName().equals(parameter));
    }
}
