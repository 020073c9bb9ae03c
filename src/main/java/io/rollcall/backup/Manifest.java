package io.rollcall.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What a backup holds, and what it must be equal to. Its own hash, over all the rest of it, stands last; it shows what was
 * changed by mistake, not what was forged: keep it elsewhere for that.
 */
public record Manifest(String schema, String serverVersion, String schemaVersion, String takenAt, List<Table> tables) {

    /**
     * @param sha256 of the file
     * @param generated of what its generated columns read; empty when there are none
     */
    public record Table(String name, long rows, String sha256, String generated, TableShape shape) {}

    static final String FILE = "manifest.json";
    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public Manifest {
        tables = List.copyOf(tables);
    }

    static String file(String table) {
        if (table.contains("/") || table.contains("\\")) {
            throw new Refusal("a table of the name " + table + " cannot become a file");
        }
        return table + ".copy";
    }

    public String sha256() {
        return Sha256.of(tree().toString());
    }

    String json() {
        ObjectNode tree = tree();
        tree.put("sha256", sha256());
        try {
            return JSON.writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Manifest in(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new Refusal(
                    "there is no " + FILE + " in " + directory + ": it is no backup, or one that was cut off");
        }
        JsonNode tree;
        Manifest manifest;
        try {
            tree = JSON.readTree(file.toFile());
            manifest = new Manifest(
                    text(tree, "schema"),
                    text(tree, "server_version"),
                    text(tree, "schema_version"),
                    text(tree, "taken_at"),
                    list(tree, "tables", Manifest::table));
        } catch (JsonProcessingException e) {
            throw new Refusal(file + " is no JSON: " + e.getOriginalMessage());
        }
        if (tree.path("format").asInt() != FORMAT || !manifest.sha256().equals(text(tree, "sha256"))) {
            throw new Refusal(file + " has been changed since it was written");
        }
        return manifest;
    }

    private ObjectNode tree() {
        ObjectNode tree = JSON.createObjectNode()
                .put("format", FORMAT)
                .put("schema", schema)
                .put("server_version", serverVersion)
                .put("schema_version", schemaVersion)
                .put("taken_at", takenAt);
        ArrayNode all = tree.putArray("tables");
        tables.forEach(table -> write(all.addObject(), table));
        return tree;
    }

    private static void write(ObjectNode node, Table table) {
        node.put("name", table.name)
                .put("rows", table.rows)
                .put("sha256", table.sha256)
                .put("generated_sha256", table.generated);
        ArrayNode columns = node.putArray("columns");
        table.shape.columns().forEach(column -> columns.addObject()
                .put("name", column.name())
                .put("type", column.type())
                .put("collation", column.collation())
                .put("required", column.required())
                .put("default", column.byDefault())
                .put("identity", column.identity())
                .put("generated", column.generated()));
        ArrayNode constraints = node.putArray("constraints");
        table.shape.constraints().forEach(constraint -> constraints
                .addObject()
                .put("name", constraint.name())
                .put("type", constraint.type())
                .put("definition", constraint.definition())
                .put("references", constraint.references()));
        ArrayNode indexes = node.putArray("indexes");
        table.shape.indexes().forEach(index -> indexes.addObject()
                .put("name", index.name())
                .put("definition", index.definition())
                .put("valid", index.valid())
                .put("of_constraint", index.ofConstraint()));
        ArrayNode sequences = node.putArray("sequences");
        table.shape.sequences().forEach(sequence -> sequences
                .addObject()
                .put("column", sequence.column())
                .put("name", sequence.name())
                .put("options", sequence.options())
                .put("value", sequence.value())
                .put("called", sequence.called()));
        ArrayNode keys = node.putArray("keys");
        table.shape
                .keys()
                .forEach(key -> keys.addObject().put("column", key.column()).put("text", key.text()));
    }

    private static Table table(JsonNode node) {
        return new Table(
                text(node, "name"),
                node.path("rows").asLong(),
                text(node, "sha256"),
                text(node, "generated_sha256"),
                new TableShape(
                        list(
                                node,
                                "columns",
                                column -> new TableShape.Column(
                                        text(column, "name"),
                                        text(column, "type"),
                                        text(column, "collation"),
                                        column.path("required").asBoolean(),
                                        text(column, "default"),
                                        text(column, "identity"),
                                        text(column, "generated"))),
                        list(
                                node,
                                "constraints",
                                constraint -> new TableShape.Constraint(
                                        text(constraint, "name"),
                                        text(constraint, "type"),
                                        text(constraint, "definition"),
                                        text(constraint, "references"))),
                        list(
                                node,
                                "indexes",
                                index -> new TableShape.Index(
                                        text(index, "name"),
                                        text(index, "definition"),
                                        index.path("valid").asBoolean(),
                                        index.path("of_constraint").asBoolean())),
                        list(
                                node,
                                "sequences",
                                sequence -> new TableShape.Sequence(
                                        text(sequence, "column"),
                                        text(sequence, "name"),
                                        text(sequence, "options"),
                                        sequence.path("value").asLong(),
                                        sequence.path("called").asBoolean())),
                        list(
                                node,
                                "keys",
                                key -> new TableShape.Key(
                                        text(key, "column"), key.path("text").asBoolean()))));
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asText("");
    }

    private static <T> List<T> list(JsonNode node, String name, Function<JsonNode, T> mapping) {
        var list = new ArrayList<T>();
        node.path(name).forEach(element -> list.add(mapping.apply(element)));
        return List.copyOf(list);
    }
}
