package io.rollcall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** As much of JSON Schema as the API's document uses. */
record Schemas(JsonNode document) {

    private static final Pattern DATE_TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)");
    private static final Pattern UUID =
            Pattern.compile("(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** What the reference leads to; the schema itself when it is none. */
    JsonNode resolve(JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.path("$ref").asText().substring(1)) : schema;
    }

    boolean fits(JsonNode value, JsonNode unresolved) {
        JsonNode schema = resolve(unresolved);
        JsonNode choices = schema.path(schema.has("oneOf") ? "oneOf" : "anyOf");
        return (choices.isEmpty() || elements(choices).anyMatch(choice -> fits(value, choice)))
                && (!schema.has("type") || isOf(types(schema), value))
                && (!schema.has("enum") || elements(schema.path("enum")).anyMatch(value::equals))
                && fitsItself(value, schema)
                && fitsWithin(value, schema);
    }

    static List<String> types(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isTextual()
                ? List.of(type.asText())
                : elements(type).map(JsonNode::asText).toList();
    }

    static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private static JsonNode property(JsonNode schema, String name) {
        JsonNode properties = schema.path("properties");
        return properties.has(name) ? properties.get(name) : schema.path("additionalProperties");
    }

    /** By the document's head, an object has no fields beyond those that it says. */
    private static boolean may(JsonNode schema, String name) {
        JsonNode property = property(schema, name);
        return !schema.has("type") || property.isObject() || property.asBoolean();
    }

    private static boolean isOf(List<String> types, JsonNode value) {
        String type = value.getNodeType().name().toLowerCase(Locale.ROOT);
        return types.contains(type) || (types.contains("integer") && value.isIntegralNumber());
    }

    private static boolean fitsItself(JsonNode value, JsonNode schema) {
        if (value.isTextual()) {
            String text = value.textValue();
            int length = text.codePointCount(0, text.length());
            // To Java, a dollar also stands before a last line break.
            String pattern = schema.path("pattern").asText().replaceAll("\\$$", "\\\\z");
            return isStorable(text)
                    && length >= schema.path("minLength").asInt(0)
                    && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
                    && Pattern.compile(pattern).matcher(text).find()
                    && (!schema.path("format").asText().equals("uuid")
                            || UUID.matcher(text).matches())
                    && (!schema.path("format").asText().equals("date-time")
                            || DATE_TIME.matcher(text).matches());
        }
        if (value.isNumber()) {
            return Double.isFinite(value.doubleValue())
                    && (!schema.path("format").asText().equals("int32") || value.canConvertToInt())
                    && value.doubleValue() >= schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY)
                    && value.doubleValue() > schema.path("exclusiveMinimum").asDouble(Double.NEGATIVE_INFINITY)
                    && value.doubleValue() <= schema.path("maximum").asDouble(Double.POSITIVE_INFINITY);
        }
        return true;
    }

    private boolean fitsWithin(JsonNode value, JsonNode schema) {
        if (value.isArray()) {
            return value.size() >= schema.path("minItems").asInt(0)
                    && value.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE)
                    && elements(value).allMatch(item -> fits(item, schema.path("items")));
        }
        Predicate<Map.Entry<String, JsonNode>> known = field -> isStorable(field.getKey())
                && may(schema, field.getKey())
                && fits(TextNode.valueOf(field.getKey()), schema.path("propertyNames"));
        return value.size() <= schema.path("maxProperties").asInt(Integer.MAX_VALUE)
                && value.size() >= schema.path("minProperties").asInt(0)
                && (!value.isObject() || elements(schema.path("required")).allMatch(name -> value.has(name.asText())))
                && value.properties().stream()
                        .allMatch(known.and(field -> fits(field.getValue(), property(schema, field.getKey()))));
    }

    /** What no schema needs to say of a text: the database takes neither NUL nor half of a surrogate pair. */
    private static boolean isStorable(String text) {
        return text.codePoints()
                .noneMatch(c -> c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }
}
