package io.rollcall;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A request of an operation of the API's document.
 *
 * @param parameters by their place and name, as {@code query:limit}
 * @param type the body's media type; empty without a body
 * @param body null without one; text that is no JSON is sent as it is
 * @param where what was broken; empty when nothing
 */
record SchemaRequest(Operation operation, ObjectNode parameters, String type, JsonNode body, String where) {

    /** Halves of surrogate pairs can be sent as escapes alone, which YAML reads as well. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** What is longer may be cut off by the server's codec before anything of ours can answer. */
    private static final int LONGEST_LINE = 3000;

    record Operation(String method, String path, JsonNode spec) {

        static Stream<Operation> all(JsonNode document) {
            return document.path("paths").properties().stream().flatMap(path -> path.getValue().properties().stream()
                    .map(method -> new Operation(
                            method.getKey().toUpperCase(java.util.Locale.ROOT), path.getKey(), method.getValue())));
        }

        /** One empty type when it takes no body. */
        List<String> types() {
            JsonNode content = spec.at("/requestBody/content");
            return content.isMissingNode()
                    ? List.of("")
                    : content.properties().stream().map(Map.Entry::getKey).toList();
        }

        JsonNode bodySchema(String type) {
            return spec.at("/requestBody/content").path(type).path("schema");
        }
    }

    static SchemaRequest valid(Operation operation, String type, SchemaValues values) {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        for (JsonNode parameter : operation.spec().path("parameters")) {
            String name = parameter.path("name").asText();
            if (parameter.path("required").asBoolean() || values.flip()) {
                JsonNode schema = parameter.path("schema");
                parameters.set(
                        key(parameter),
                        parameter.path("in").asText().equals("header")
                                ? values.header(name, schema)
                                : values.named(name, schema));
            }
        }
        JsonNode body = type.isEmpty() ? null : values.named("", operation.bodySchema(type));
        return new SchemaRequest(operation, parameters, type, body, "");
    }

    /** With one thing other than it was, which may or may not be allowed. */
    List<SchemaRequest> broken() {
        var all = new ArrayList<SchemaRequest>();
        for (JsonNode parameter : operation.spec().path("parameters")) {
            String key = key(parameter);
            if (parameters.has(key) && !key.startsWith("path:")) {
                all.add(new SchemaRequest(operation, parameters.deepCopy().without(key), type, body, "-" + key));
            }
            for (JsonNode value : SchemaBreaks.standIns()) {
                if (value.isValueNode() && canBeSent(key, value.asText())) {
                    ObjectNode changed = parameters.deepCopy().put(key, value.asText());
                    all.add(new SchemaRequest(operation, changed, type, body, SchemaBreaks.brief(key + "=" + value)));
                }
            }
        }
        if (body != null) {
            SchemaBreaks.of(body)
                    .forEach(broken ->
                            all.add(new SchemaRequest(operation, parameters, type, broken.document(), broken.where())));
        }
        return all;
    }

    boolean fits(Schemas schemas) {
        for (JsonNode parameter : operation.spec().path("parameters")) {
            JsonNode value = parameters.path(key(parameter));
            JsonNode schema = schemas.resolve(parameter.path("schema"));
            if (value.isMissingNode()
                    ? parameter.path("required").asBoolean()
                    : !schemas.fits(asSent(value, schema), schema)) {
                return false;
            }
        }
        return body == null || schemas.fits(body, operation.bodySchema(type));
    }

    Answer send() {
        var path = new StringBuilder(operation.path());
        var query = new ArrayList<String>();
        var headers = new ArrayList<String>();
        parameters.properties().forEach(parameter -> {
            String[] key = parameter.getKey().split(":");
            String value = parameter.getValue().asText();
            String encoded = URLEncoder.encode(value, UTF_8).replace("+", "%20");
            switch (key[0]) {
                case "path" -> {
                    String slot = "{" + key[1] + "}";
                    int at = path.indexOf(slot);
                    path.replace(at, at + slot.length(), encoded);
                }
                case "query" -> query.add(key[1] + "=" + encoded);
                case "header" -> headers.addAll(List.of(key[1], value));
                default -> throw new AssertionError("teach this test: " + parameter);
            }
        });
        Call call = Call.of(operation.method(), path + (query.isEmpty() ? "" : "?" + String.join("&", query)));
        for (int i = 0; i < headers.size(); i += 2) {
            call.header(headers.get(i), headers.get(i + 1));
        }
        return (body == null ? call : call.body(type, BodyPublishers.ofString(text(body)))).send();
    }

    @Override
    public String toString() {
        String said = operation.method() + " " + operation.path() + " " + type + " " + where + " " + parameters + " "
                + (body == null ? "" : text(body));
        return cut(said);
    }

    static String cut(String text) {
        return text.length() <= 1000 ? text : text.substring(0, 1000) + "... of " + text.length();
    }

    private static String key(JsonNode parameter) {
        return parameter.path("in").asText() + ":" + parameter.path("name").asText();
    }

    /** What the service can make of a parameter's text. */
    private static JsonNode asSent(JsonNode value, JsonNode schema) {
        if (!value.isTextual() || Schemas.types(schema).contains("string")) {
            return value;
        }
        try {
            JsonNode read = JSON.readTree(value.textValue());
            return read.isValueNode() ? read : value;
        } catch (JsonProcessingException e) {
            return value;
        }
    }

    /** The client lets no control character into a header; a path has no empty part; a line has its longest. */
    private static boolean canBeSent(String key, String value) {
        return value.length() <= LONGEST_LINE
                && (!key.startsWith("header:") || value.chars().allMatch(c -> c >= ' ' && c < 127))
                && (!key.startsWith("path:") || !value.isBlank());
    }

    private static String text(JsonNode body) {
        try {
            return JSON.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
