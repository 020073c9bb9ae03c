package io.rollcall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Every way to break a document in one place. */
final class SchemaBreaks {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** What stands in for a value, whatever the value was. */
    private static final List<JsonNode> STAND_INS = List.of(
            JSON.nullNode(),
            JSON.booleanNode(true),
            JSON.numberNode(-1),
            JSON.numberNode(0.5),
            JSON.numberNode(Integer.MAX_VALUE),
            JSON.numberNode(new BigInteger("9".repeat(40))),
            JSON.numberNode(new BigDecimal("1e999")),
            JSON.numberNode(new BigDecimal("1e-99999")),
            JSON.textNode(""),
            JSON.textNode(" "),
            JSON.textNode("12"),
            JSON.textNode("no such word"),
            JSON.textNode("00000000-0000-0000-0000-00000000000g"),
            JSON.textNode("a\u0000b"),
            JSON.textNode("\u0001\u007f\u0085\u2028"),
            JSON.textNode("\ud800"),
            JSON.textNode("'\"`;--%_\\"),
            JSON.textNode("z".repeat(3000)),
            JSON.textNode("long ".repeat(40_000)),
            JSON.arrayNode(),
            JSON.arrayNode().addNull(),
            JSON.objectNode(),
            JSON.objectNode().put("a", "b"));

    /** The path to the place, and the document with it. */
    record Broken(String where, JsonNode document) {}

    private SchemaBreaks() {}

    static List<JsonNode> standIns() {
        return STAND_INS;
    }

    static List<Broken> of(JsonNode document) {
        var all = new ArrayList<Broken>();
        collect(document, "", UnaryOperator.identity(), all);
        return all;
    }

    /** @param whole makes the whole document from what is at this place */
    private static void collect(JsonNode value, String where, UnaryOperator<JsonNode> whole, List<Broken> all) {
        STAND_INS.forEach(other -> all.add(new Broken(where + "=" + brief(other), whole.apply(other))));
        if (value instanceof ObjectNode object) {
            Stream.of("unknown", "x\u0000", "__proto__", "k".repeat(1000))
                    .forEach(key -> all.add(new Broken(
                            where + "+" + key, whole.apply(object.deepCopy().put(key, "b")))));
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                String key = field.getKey();
                all.add(new Broken(
                        where + "-" + key, whole.apply(object.deepCopy().without(key))));
                collect(
                        field.getValue(),
                        where + "." + key,
                        changed -> whole.apply(object.deepCopy().set(key, changed)),
                        all);
            }
        }
        if (value instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int at = i;
                collect(
                        array.get(i),
                        where + "[" + i + "]",
                        changed -> whole.apply(array.deepCopy().set(at, changed)),
                        all);
            }
        }
    }

    static String brief(Object value) {
        String text = value.toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "... of " + text.length();
    }
}
