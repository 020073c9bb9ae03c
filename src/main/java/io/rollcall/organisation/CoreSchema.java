package io.rollcall.organisation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.rollcall.http.Storable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * What a plain scalar means by YAML 1.2's core schema (§10.3.2), less the octal and hexadecimal numbers that JSON cannot
 * tell: {@code no} is a text, so Norway keeps its name, and so are a date and a version of three numbers.
 */
final class CoreSchema extends Resolver {

    private static final Pattern BOOLEAN = Pattern.compile("true|True|TRUE|false|False|FALSE");

    /** As many digits as the largest double has; with {@link #NUMBER}, all that {@link Storable} lets in from JSON. */
    private static final Pattern WHOLE = Pattern.compile("[-+]?(?:0|[1-9][0-9]{0,308})");

    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(?:[0-9]{1,309}(?:\\.[0-9]{0,999})?|\\.[0-9]{1,999})(?:[eE][-+]?[0-9]{1,3})?");
    private static final Pattern NOTHING = Pattern.compile("~|null|Null|NULL|");

    /** A writer asks this which texts it must put in quotes. */
    @Override
    protected void addImplicitResolvers() {
        addImplicitResolver(Tag.BOOL, BOOLEAN, "tTfF");
        addImplicitResolver(Tag.INT, WHOLE, "-+0123456789");
        addImplicitResolver(Tag.FLOAT, NUMBER, "-+0123456789.");
        addImplicitResolver(Tag.MERGE, MERGE, "<");
        addImplicitResolver(Tag.NULL, NOTHING, "~nN\0");
        addImplicitResolver(Tag.NULL, EMPTY, null);
    }

    static JsonNode value(String text, boolean plain) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (!plain) {
            return json.textNode(text);
        }
        if (NOTHING.matcher(text).matches()) {
            return json.nullNode();
        }
        if (BOOLEAN.matcher(text).matches()) {
            return json.booleanNode(text.charAt(0) == 't' || text.charAt(0) == 'T');
        }
        if (WHOLE.matcher(text).matches()) {
            return whole(new BigInteger(text));
        }
        return NUMBER.matcher(text).matches() ? json.numberNode(new BigDecimal(text)) : json.textNode(text);
    }

    /** As Jackson reads it from JSON, so that equal numbers are equal nodes. */
    private static JsonNode whole(BigInteger number) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (number.bitLength() < Integer.SIZE) {
            return json.numberNode(number.intValue());
        }
        return number.bitLength() < Long.SIZE ? json.numberNode(number.longValue()) : json.numberNode(number);
    }

    /** Null when the tag is none of the schema's, or its value another's. */
    static @Nullable JsonNode tagged(String tag, String text) {
        if (tag.equals("!") || tag.equals(Tag.STR.getValue())) {
            return JsonNodeFactory.instance.textNode(text);
        }
        JsonNode value = value(text, true);
        boolean fits = Map.<String, Predicate<JsonNode>>of(
                        Tag.NULL.getValue(), JsonNode::isNull,
                        Tag.BOOL.getValue(), JsonNode::isBoolean,
                        Tag.INT.getValue(), JsonNode::isIntegralNumber,
                        Tag.FLOAT.getValue(), JsonNode::isNumber)
                .getOrDefault(tag, any -> false)
                .test(value);
        return fits ? value : null;
    }
}
