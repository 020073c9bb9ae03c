package io.rollcall.organisation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.http.Problem;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.UnicodeReader;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * YAML in and out as the same documents that JSON gives. Plain scalars mean what YAML 1.2's core schema says: {@code no}
 * is a text, so Norway keeps its name, and a date is the text that was written. Bounded against bombs: nesting, aliases,
 * size before and after aliases are resolved. A key that stands twice is refused.
 */
final class Yaml {

    private static final int MOST_ALIASES = 100;
    private static final int MOST_NESTING = 1000;
    private static final int MOST_VALUES = 2_000_000;

    private Yaml() {}

    /** @throws Problem 400, with line and column where they are known */
    static JsonNode parse(byte[] body) {
        try {
            Object loaded = new org.yaml.snakeyaml.Yaml(
                            new SafeConstructor(options()),
                            new Representer(new DumperOptions()),
                            new DumperOptions(),
                            options(),
                            new CoreSchema())
                    .load(new UnicodeReader(new ByteArrayInputStream(body)));
            return loaded == null ? MissingNode.getInstance() : new Conversion().node(loaded);
        } catch (MarkedYAMLException e) {
            String where = e.getProblemMark() == null
                    ? ""
                    : " (line " + (e.getProblemMark().getLine() + 1) + ", column "
                            + (e.getProblemMark().getColumn() + 1) + ")";
            throw invalid(firstLine(e.getProblem()) + where);
        } catch (YAMLException e) {
            throw invalid(firstLine(e.getMessage()));
        }
    }

    static String write(JsonNode document) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(120);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setDereferenceAliases(true);
        return new org.yaml.snakeyaml.Yaml(
                        new SafeConstructor(options()), new Representer(options), options, options(), new CoreSchema())
                .dump(plain(document));
    }

    private static LoaderOptions options() {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setAllowRecursiveKeys(false);
        options.setMaxAliasesForCollections(MOST_ALIASES);
        options.setNestingDepthLimit(MOST_NESTING);
        // The body's own limit comes first; characters are never more than bytes.
        options.setCodePointLimit(Integer.MAX_VALUE);
        return options;
    }

    private static Problem invalid(String reason) {
        return Problem.malformed("the body is not valid YAML: " + reason, List.of());
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "" : message.lines().findFirst().orElse("").strip();
    }

    private static @Nullable Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            node.properties().forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
            return map;
        }
        if (node.isArray()) {
            var list = new java.util.ArrayList<>(node.size());
            node.forEach(entry -> list.add(plain(entry)));
            return list;
        }
        if (node.isNull()) {
            return null;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNumber() ? node.numberValue() : node.textValue();
    }

    /** Plain scalars by YAML 1.2's core schema, and merge keys, which templates in the field use. */
    private static final class CoreSchema extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(
                    Tag.BOOL, java.util.regex.Pattern.compile("^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF");
            addImplicitResolver(
                    Tag.INT, java.util.regex.Pattern.compile("^[-+]?(?:0|[1-9][0-9]{0,17})$"), "-+0123456789");
            addImplicitResolver(
                    Tag.FLOAT,
                    java.util.regex.Pattern.compile(
                            "^[-+]?(?:[0-9]+\\.[0-9]*|\\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]{1,3})?$"),
                    "-+0123456789.");
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, java.util.regex.Pattern.compile("^(?:~|null|Null|NULL|)$"), "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }

    /** Aliases share one object in memory; here they are written out, so here they are counted. */
    private static final class Conversion {
        private final JsonNodeFactory factory = JsonNodeFactory.instance;
        private int values;

        JsonNode node(Object value) {
            if (++values > MOST_VALUES) {
                throw invalid("more than " + MOST_VALUES + " values once its aliases are written out");
            }
            if (value instanceof Map<?, ?> map) {
                ObjectNode object = factory.objectNode();
                map.forEach((key, entry) -> object.set(key(key), entry == null ? factory.nullNode() : node(entry)));
                return object;
            }
            if (value instanceof Iterable<?> list) {
                ArrayNode array = factory.arrayNode();
                list.forEach(entry -> array.add(entry == null ? factory.nullNode() : node(entry)));
                return array;
            }
            if (value instanceof Boolean bool) {
                return factory.booleanNode(bool);
            }
            if (value instanceof Integer number) {
                return factory.numberNode(number.intValue());
            }
            if (value instanceof Long number) {
                return factory.numberNode(number.longValue());
            }
            if (value instanceof BigInteger number) {
                return factory.numberNode(number);
            }
            if (value instanceof Double number) {
                return factory.numberNode(number.doubleValue());
            }
            if (value instanceof String text) {
                return factory.textNode(text);
            }
            throw invalid("values of type " + value.getClass().getSimpleName() + " have no place in a template");
        }

        private static String key(Object key) {
            if (key instanceof String || key instanceof Number || key instanceof Boolean) {
                return String.valueOf(key);
            }
            throw invalid("a mapping's key must be text");
        }
    }
}
