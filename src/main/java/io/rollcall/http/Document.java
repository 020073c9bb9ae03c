package io.rollcall.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An object in a request's body, read field by field. Every getter notes what is wrong under the field's path and goes
 * on, so that one reply names it all; a getter answers null for a field that is absent, null or wrong. Types are
 * strict: {@code "3"} is not a number.
 */
public final class Document {

    /** How deep a body may be nested, in either format: more would be a danger to the stacks that walk it. */
    public static final int MOST_NESTING = 500;

    private static final ObjectReader STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_NESTING)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            // A number may be meant as a text, such as a version in a label: 1.10 is not 1.1.
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .readerFor(JsonNode.class);

    private static final ObjectReader LENIENT = STRICT.with(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS);

    private final ObjectNode object;
    private final FieldPath path;
    private final Violations violations;

    public Document(ObjectNode object, FieldPath path, Violations violations) {
        this.object = object;
        this.path = path;
        this.violations = violations;
    }

    /**
     * Reads a JSON body that must be an object.
     *
     * @throws Problem 400 when it is not JSON (with line and column), has a field twice, or is no object
     */
    public static Document parse(byte[] body) {
        return of(parseJson(body), new Violations());
    }

    /**
     * As {@link #parse}, but NaN and infinities, which Python's encoder writes, are faults of their fields alone. For bodies
     * none of whose parts is kept as it is.
     */
    public static Document parseLenient(byte[] body) {
        return of(parseJson(LENIENT, body), new Violations());
    }

    /** @throws Problem 400 when the node is no object */
    public static Document of(JsonNode node, Violations violations) {
        if (node instanceof ObjectNode object) {
            return new Document(object, FieldPath.ROOT, violations);
        }
        throw Problem.malformed("the body must be an object", java.util.List.of());
    }

    /** @throws Problem 400 when it is not JSON */
    public static JsonNode parseJson(byte[] body) {
        return parseJson(STRICT, body);
    }

    private static JsonNode parseJson(ObjectReader reader, byte[] body) {
        try {
            return reader.readTree(body);
        } catch (JsonProcessingException e) {
            throw Problem.malformed("the body is not valid JSON: " + reason(e), java.util.List.of());
        } catch (NumberFormatException e) {
            // Jackson lets it through: an exponent that not even BigDecimal has room for.
            throw Problem.malformed("the body is not valid JSON: a number is too large", java.util.List.of());
        } catch (IOException e) {
            throw Problem.malformed("the body is not valid JSON", java.util.List.of());
        }
    }

    public FieldPath path() {
        return path;
    }

    public FieldPath at(String key) {
        return path.field(key);
    }

    public ObjectNode json() {
        return object;
    }

    public Violations violations() {
        return violations;
    }

    public void fault(String key, String message) {
        violations.add(at(key), message);
    }

    /** Present, even if null. */
    public boolean has(String key) {
        return object.has(key);
    }

    /** Refuses every other field: 400, with the nearest known one. */
    public void allowOnly(Collection<String> known) {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                violations.addUnknown(path.field(name), unknown(name, known));
            }
        });
    }

    /** The message for a field that does not exist, with the one that was probably meant while the fault will be listed. */
    public String unknown(String name, Collection<String> known) {
        Optional<String> nearest = violations.isFull() ? Optional.empty() : Nearest.of(name, known);
        return "unknown field" + nearest.map(n -> ", did you mean " + n + "?").orElse("");
    }

    /** A text as it is, at most {@code limit} characters. */
    public @Nullable String text(String key, int limit) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            return wrong(key, "must be text, is " + kind(value) + quoteHint(value));
        }
        String fault = Texts.fault(value.textValue(), limit);
        return fault == null ? value.textValue() : wrong(key, fault);
    }

    /** A name (see {@link Texts#nameFault}) in Unicode's composed form, so that equal-looking names are equal. */
    public @Nullable String name(String key, int limit) {
        JsonNode value = value(key);
        if (value == null) {
            return wrong(key, "is required");
        }
        if (!value.isTextual()) {
            return wrong(key, "must be text, is " + kind(value) + quoteHint(value));
        }
        String name = value.textValue();
        String fault = Texts.nameFault(name, limit);
        return fault == null ? Normalizer.normalize(name, Normalizer.Form.NFC) : wrong(key, fault);
    }

    public @Nullable Integer integer(String key, int least, int most) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()) {
            return wrong(key, "must be a whole number, is " + kind(value));
        }
        return value.canConvertToInt() && value.intValue() >= least && value.intValue() <= most
                ? (Integer) value.intValue()
                : wrong(key, "must be from " + least + " to " + most);
    }

    public @Nullable Double number(String key) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            return wrong(key, "must be a number, is " + kind(value));
        }
        return Double.isFinite(value.doubleValue()) ? (Double) value.doubleValue() : wrong(key, "must be finite");
    }

    public @Nullable Boolean bool(String key) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        return value.isBoolean()
                ? (Boolean) value.booleanValue()
                : wrong(key, "must be true or false, is " + kind(value));
    }

    public @Nullable UUID uuid(String key) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        UUID id = value.isTextual() ? Ids.parse(value.textValue()) : null;
        return id == null ? wrong(key, "must be a UUID") : id;
    }

    /** An RFC 3339 time with its offset, in this era of four-digit years. */
    public @Nullable OffsetDateTime time(String key) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        try {
            OffsetDateTime time = value.isTextual() ? OffsetDateTime.parse(value.textValue()) : null;
            if (time != null && time.getYear() >= 1 && time.getYear() <= 9998) {
                return time.withOffsetSameInstant(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS);
            }
        } catch (DateTimeException e) {
            // Falls through to the violation.
        }
        return wrong(key, "must be a time such as 2027-01-31T12:00:00Z");
    }

    /** One of an enum's constants, written in lower case. */
    public <E extends Enum<E>> @Nullable E oneOf(String key, Class<E> type) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (value.isTextual() && constant.name().toLowerCase(Locale.ROOT).equals(value.textValue())) {
                return constant;
            }
        }
        violations.addUnknown(
                at(key),
                "must be one of "
                        + String.join(
                                ", ",
                                Arrays.stream(type.getEnumConstants())
                                        .map(c -> c.name().toLowerCase(Locale.ROOT))
                                        .toList()));
        return null;
    }

    public @Nullable Document object(String key) {
        JsonNode value = value(key);
        if (value == null) {
            return null;
        }
        return value instanceof ObjectNode child
                ? new Document(child, at(key), violations)
                : wrong(key, "must be an object, is " + kind(value));
    }

    /** What stands under the key; null when absent or JSON's null. */
    public @Nullable JsonNode value(String key) {
        JsonNode value = object.get(key);
        return value == null || value.isNull() ? null : value;
    }

    /** What kind of value this is, in the words of the format. */
    public static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case BOOLEAN -> "true or false";
            case NUMBER -> "a number";
            case OBJECT -> "an object";
            case STRING -> "text";
            default -> "empty";
        };
    }

    private static String quoteHint(JsonNode value) {
        return value.isNumber() || value.isBoolean() ? " (put it in quotes)" : "";
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // always null, of whatever type the caller answers
    private <T> @Nullable T wrong(String key, String message) {
        fault(key, message);
        return null;
    }

    private static String reason(JsonProcessingException e) {
        String first = e.getOriginalMessage().lines().findFirst().orElse("");
        String where = e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        return first.replaceAll(", from `[^`]*`", "").replaceAll("`?(com|java|org)\\.[\\w.$]+`?", "value") + where;
    }
}
