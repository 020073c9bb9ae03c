package io.rollcall.organisation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.http.Document;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;

/**
 * Puts a document together from the events of SnakeYAML's parser. An alias shares what its anchor names, so it costs
 * nothing here; but whoever walks the document meets it again and again, so values, characters and nesting are counted as
 * if every alias were written out. Neither SnakeYAML's own tree nor Jackson's YAML format does both.
 */
final class YamlReader {

    private static final int MOST_VALUES = 2_000_000;
    private static final long MOST_CHARACTERS = 32 * 1024 * 1024;
    private static final String MERGE = "<<";
    private static final Set<String> COLLECTION_TAGS = Set.of("!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq");

    /** What an anchor names, and how much it is once written out. */
    private record Anchored(JsonNode node, int values, long characters, int nesting) {}

    private final Iterator<Event> events;
    private final JsonNodeFactory factory = JsonNodeFactory.instance;

    /** A null stands for an anchor whose node is still being read. */
    private final Map<String, @Nullable Anchored> anchors = new HashMap<>();

    private int values;
    private long characters;
    private int deepest;

    YamlReader(Iterable<Event> events) {
        this.events = events.iterator();
    }

    /** The single document; missing when there is none. */
    JsonNode document() {
        events.next();
        if (!events.next().is(Event.ID.DocumentStart)) {
            return MissingNode.getInstance();
        }
        JsonNode document = node(events.next(), 0);
        events.next();
        Event after = events.next();
        if (!after.is(Event.ID.StreamEnd)) {
            throw invalid("a second document begins where the body should end", after);
        }
        return document;
    }

    private JsonNode node(Event event, int level) {
        if (event instanceof AliasEvent alias) {
            return aliased(alias, level);
        }
        String anchor = ((NodeEvent) event).getAnchor();
        if (anchor == null) {
            return content(event, level);
        }
        int valuesBefore = values;
        long charactersBefore = characters;
        int deepestBefore = deepest;
        deepest = level;
        anchors.put(anchor, null);
        JsonNode node = content(event, level);
        anchors.put(anchor, new Anchored(node, values - valuesBefore, characters - charactersBefore, deepest - level));
        deepest = Math.max(deepest, deepestBefore);
        return node;
    }

    private JsonNode content(Event event, int level) {
        count(1, 0, level, event);
        if (event instanceof ScalarEvent scalar) {
            return scalar(scalar, level);
        }
        if (event instanceof SequenceStartEvent sequence) {
            requireTag(sequence.getTag(), event);
            return sequence(level);
        }
        MappingStartEvent mapping = (MappingStartEvent) event;
        requireTag(mapping.getTag(), event);
        return mapping(level);
    }

    private JsonNode aliased(AliasEvent alias, int level) {
        String name = alias.getAnchor();
        Anchored anchored = anchors.get(name);
        if (anchored == null) {
            throw invalid(
                    anchors.containsKey(name)
                            ? "*" + name + " is recursive: it stands within what it names"
                            : "*" + name + " names nothing above it",
                    alias);
        }
        count(anchored.values(), anchored.characters(), level + anchored.nesting(), alias);
        return anchored.node();
    }

    private void count(int moreValues, long moreCharacters, int level, Event event) {
        values += moreValues;
        characters += moreCharacters;
        deepest = Math.max(deepest, level);
        if (values > MOST_VALUES) {
            throw invalid("more than " + MOST_VALUES + " values once its aliases are written out", event);
        }
        if (characters > MOST_CHARACTERS) {
            throw invalid("more than " + MOST_CHARACTERS + " characters once its aliases are written out", event);
        }
        if (level > Document.MOST_NESTING) {
            throw invalid("nested deeper than " + Document.MOST_NESTING + " levels", event);
        }
    }

    private JsonNode scalar(ScalarEvent scalar, int level) {
        String text = scalar.getValue();
        count(0, text.length(), level, scalar);
        boolean plain = scalar.getImplicit().canOmitTagInPlainScalar();
        JsonNode value = scalar.getTag() == null || plain
                ? CoreSchema.value(text, plain)
                : CoreSchema.tagged(scalar.getTag(), text);
        if (value == null) {
            throw invalid(text.length() > 40 ? "a value that its tag does not allow" : tagFault(scalar), scalar);
        }
        return value;
    }

    private static String tagFault(ScalarEvent scalar) {
        return "the tag " + scalar.getTag() + " has no place in a template, or not on " + scalar.getValue();
    }

    private ArrayNode sequence(int level) {
        ArrayNode list = factory.arrayNode();
        for (Event next = events.next(); !next.is(Event.ID.SequenceEnd); next = events.next()) {
            list.add(node(next, level + 1));
        }
        return list;
    }

    /** Merge keys are not part of YAML 1.2, but templates in the field use them: what a mapping says itself wins. */
    private ObjectNode mapping(int level) {
        ObjectNode object = factory.objectNode();
        List<ObjectNode> merged = new ArrayList<>();
        for (Event next = events.next(); !next.is(Event.ID.MappingEnd); next = events.next()) {
            JsonNode key = node(next, level + 1);
            if (!key.isValueNode() || key.isNull()) {
                throw invalid("a mapping's key must be text", next);
            }
            boolean merge = key.asText().equals(MERGE)
                    && next instanceof ScalarEvent scalar
                    && scalar.getImplicit().canOmitTagInPlainScalar();
            JsonNode value = node(events.next(), level + 1);
            if (merge) {
                addMerged(value, merged, next);
            } else if (object.replace(key.asText(), value) != null) {
                throw invalid("found duplicate key " + key.asText(), next);
            }
        }
        for (ObjectNode other : merged) {
            other.properties().forEach(entry -> object.putIfAbsent(entry.getKey(), entry.getValue()));
        }
        return object;
    }

    private static void addMerged(JsonNode value, List<ObjectNode> merged, Event key) {
        Iterable<JsonNode> all = value.isArray() ? value : List.of(value);
        for (JsonNode one : all) {
            if (!(one instanceof ObjectNode mapping)) {
                throw invalid("<< takes a mapping or a list of mappings", key);
            }
            merged.add(mapping);
        }
    }

    private static void requireTag(@Nullable String tag, Event event) {
        if (tag != null && !COLLECTION_TAGS.contains(tag)) {
            throw invalid("the tag " + tag + " has no place in a template", event);
        }
    }

    private static MarkedYAMLException invalid(String problem, Event event) {
        return new Invalid(problem, Objects.requireNonNull(event.getStartMark()));
    }

    private static final class Invalid extends MarkedYAMLException {
        private static final long serialVersionUID = 1L;

        Invalid(String problem, Mark mark) {
            super(null, null, problem, mark);
        }
    }
}
