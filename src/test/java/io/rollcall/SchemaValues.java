package io.rollcall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Values by their schemas. What replies contained is remembered and sent again under the same name, so that requests reach
 * rows that exist.
 */
final class SchemaValues {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int LONGEST_WAIT_MS = 20;
    private static final int DEEPEST = 8;
    private static final int TRIES = 1000;
    private static final int REMEMBERED = 50;

    private static final List<String> LETTERS = List.of(
            "abc",
            "ABC_019",
            "abc ABC 'é \"ß\" %s $1 ; -- \\",
            "\uD83D\uDE00\u4E2D\u0627\u0301\u200B <b>&{}[]#:-",
            "\t\n/");

    private final Schemas schemas;
    private final Random random;
    private final Map<String, List<JsonNode>> seen = new LinkedHashMap<>();

    SchemaValues(Schemas schemas, Random random) {
        this.schemas = schemas;
        this.random = random;
    }

    void remember(String name, JsonNode value) {
        if (value.isValueNode() && !value.isNull()) {
            List<JsonNode> values = seen.computeIfAbsent(name, any -> new ArrayList<>());
            if (values.size() < REMEMBERED) {
                values.add(value);
            } else {
                values.set(random.nextInt(REMEMBERED), value);
            }
        }
        value.properties().forEach(field -> remember(field.getKey(), field.getValue()));
        value.forEach(item -> {
            if (value.isArray()) {
                remember(name, item);
            }
        });
    }

    /** A value that fits the schema of the parameter or property. */
    JsonNode named(String name, JsonNode schema) {
        List<List<JsonNode>> candidates = random.nextInt(4) == 0 ? List.of() : seen(name, schema);
        return candidates.isEmpty() ? value(schema, 0) : pick(pick(candidates));
    }

    boolean flip() {
        return random.nextBoolean();
    }

    /** In ASCII that can be seen, which is what headers are made of. */
    JsonNode header(String name, JsonNode schema) {
        ObjectNode visible = schemas.resolve(schema).deepCopy();
        return named(name, visible.has("pattern") ? visible : visible.put("pattern", "^[!-~]*$"));
    }

    /** What had this name, or one that ends alike, such as {@code import_id} for {@code id}; any id for an id. */
    private List<List<JsonNode>> seen(String name, JsonNode schema) {
        String plain = "_" + name.toLowerCase(Locale.ROOT).replace('-', '_');
        boolean id = schemas.resolve(schema).path("format").asText().equals("uuid");
        return seen.entrySet().stream()
                .filter(entry -> id
                        || plain.endsWith("_" + entry.getKey())
                        || entry.getKey().endsWith(plain))
                .map(entry -> entry.getValue().stream()
                        .filter(value -> schemas.fits(value, schema))
                        .toList())
                .filter(values -> !values.isEmpty())
                .toList();
    }

    private JsonNode value(JsonNode unresolved, int depth) {
        JsonNode schema = schemas.resolve(unresolved);
        JsonNode choices = schema.path(schema.has("oneOf") ? "oneOf" : "anyOf");
        if (!choices.isEmpty()) {
            return value(choices.get(random.nextInt(choices.size())), depth);
        }
        if (schema.has("enum")) {
            return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
        }
        List<String> types = Schemas.types(schema);
        return switch (types.isEmpty() ? "string" : pick(types)) {
            case "string" -> JSON.textNode(text(schema));
            case "integer" -> JSON.numberNode(whole(schema));
            case "number" -> JSON.numberNode(number(schema));
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            case "array" -> array(schema, depth);
            case "object" -> object(schema, depth);
            case "null" -> JSON.nullNode();
            default -> throw new AssertionError("teach this generator: " + schema);
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = JSON.objectNode();
        List<String> required =
                Schemas.elements(schema.path("required")).map(JsonNode::asText).toList();
        schema.path("properties").properties().forEach(property -> {
            if (required.contains(property.getKey()) || (depth < DEEPEST && random.nextInt(3) == 0)) {
                JsonNode known = depth == 0 ? named(property.getKey(), property.getValue()) : null;
                object.set(property.getKey(), known == null ? value(property.getValue(), depth + 1) : known);
                // Allowed, but not what this test is for.
                if (object.path("wait_ms").asInt() > LONGEST_WAIT_MS) {
                    object.put("wait_ms", LONGEST_WAIT_MS);
                }
            }
        });
        JsonNode more = schema.path("additionalProperties");
        boolean needed = object.size() < schema.path("minProperties").asInt(0);
        if ((needed || random.nextBoolean()) && (more.isObject() || more.asBoolean())) {
            // Of the keys that a template may add, those of one's own.
            object.set(key(schema.path("propertyNames")), value(more, depth + 1));
        }
        return object;
    }

    private String key(JsonNode schema) {
        return Stream.generate(() -> "x-" + text(JSON.objectNode().put("maxLength", 10)))
                .filter(key -> schemas.fits(JSON.textNode(key), schema))
                .findFirst()
                .orElseThrow();
    }

    private ArrayNode array(JsonNode schema, int depth) {
        ArrayNode array = JSON.arrayNode();
        int least = schema.path("minItems").asInt(0);
        int size = depth > DEEPEST ? least : least + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            array.add(value(schema.path("items"), depth + 1));
        }
        return array;
    }

    private long whole(JsonNode schema) {
        long least = schema.path("minimum").asLong(Integer.MIN_VALUE);
        long most = schema.path("maximum").asLong(Integer.MAX_VALUE);
        return switch (random.nextInt(4)) {
            case 0 -> least;
            case 1 -> most;
            default -> random.nextLong(least, most + 1);
        };
    }

    private double number(JsonNode schema) {
        double least =
                schema.path("exclusiveMinimum").asDouble(schema.path("minimum").asDouble(-1e9));
        double most = schema.path("maximum").asDouble(least + 1e300);
        return pick(List.of(
                Math.min(most, Math.max(1.0, least)), Math.min(most, least + random.nextDouble() + 1e-9), most));
    }

    /** Short ones, longest ones, in several alphabets, until one fits. */
    private String text(JsonNode schema) {
        int longest = schema.path("maxLength").asInt(300);
        return Stream.generate(() -> switch (schema.path("format").asText()) {
                    case "uuid" -> new UUID(random.nextLong(), random.nextLong()).toString();
                    case "date-time" -> "20" + (50 + random.nextInt(50)) + "-12-31T23:59:59.5+01:00";
                    case "date" -> "2027-01-" + (10 + random.nextInt(20));
                    case "uri" -> "https://example.org/" + letters("abc", random.nextInt(20));
                    default -> letters(pick(LETTERS), random.nextInt(20) == 0 ? longest : random.nextInt(20));
                })
                .limit(TRIES)
                .filter(text -> schemas.fits(JSON.textNode(text), schema))
                .findFirst()
                .orElseThrow(() -> new AssertionError("teach this generator: " + schema));
    }

    private String letters(String alphabet, int length) {
        int[] letters = alphabet.codePoints().toArray();
        return random.ints(length, 0, letters.length)
                .map(i -> letters[i])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
