package io.rollcall.organisation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.http.Document;
import io.rollcall.http.FieldPath;
import io.rollcall.http.Ids;
import io.rollcall.http.Problem;
import io.rollcall.http.Violations;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code POST /org/import}: the request, or, in YAML, also the bare template. */
@ApplicationScoped
class ImportRequestReader {

    private static final Set<String> FIELDS =
            Set.of("dir", "template", "mode", "parent_id", "dry_run", "max_removals", "confirm");
    private static final int LONGEST_DIR = 100;

    private final TemplateReader templates;
    private final TemplateLibrary library;

    ImportRequestReader(TemplateReader templates, TemplateLibrary library) {
        this.templates = templates;
        this.library = library;
    }

    /**
     * Parses and checks everything that needs no database. May read a template's file: for a worker thread.
     *
     * @param query what the query string says, used where the body says nothing
     */
    ImportRequest read(byte[] body, boolean yaml, Query query) {
        JsonNode json = yaml ? Yaml.parse(body) : Document.parseJson(body);
        var violations = new Violations();
        Document request = Document.of(json, violations);
        if (yaml && isBareTemplate(request.json())) {
            ObjectNode wrapped = request.json().objectNode();
            Document envelope = new Document(query.over(wrapped, violations), FieldPath.ROOT, violations);
            return read(envelope, request, null);
        }
        Document envelope = new Document(query.over(request.json(), violations), FieldPath.ROOT, violations);
        envelope.allowOnly(FIELDS);
        Document inline = envelope.object("template");
        String dir = envelope.text("dir", LONGEST_DIR);
        if (envelope.value("dir") == null && envelope.value("template") == null) {
            envelope.fault("template", "is required, or dir: the name of a template");
        }
        if (dir != null && inline != null) {
            envelope.fault("dir", "must be absent when there is a template");
        }
        if (dir != null && inline == null) {
            inline = fromLibrary(envelope, dir);
        }
        return read(envelope, inline, dir);
    }

    private ImportRequest read(Document envelope, @Nullable Document inline, @Nullable String dir) {
        ImportMode mode = envelope.oneOf("mode", ImportMode.class);
        UUID parentId = envelope.uuid("parent_id");
        Boolean dryRun = envelope.bool("dry_run");
        Integer maxRemovals = envelope.integer("max_removals", 0, Integer.MAX_VALUE);
        Boolean confirmed = envelope.bool("confirm");
        Template template = inline == null ? null : templates.read(inline);
        envelope.violations().orElseThrow();
        return new ImportRequest(
                Ids.next(),
                Objects.requireNonNull(template),
                dir,
                mode == null ? ImportMode.MERGE : mode,
                parentId,
                Boolean.TRUE.equals(dryRun),
                maxRemovals,
                Boolean.TRUE.equals(confirmed));
    }

    private @Nullable Document fromLibrary(Document envelope, String dir) {
        try {
            ObjectNode template = library.load(dir);
            if (template != null) {
                return new Document(
                        template, envelope.at("dir").field("(" + dir + "/org.yaml)"), envelope.violations());
            }
            envelope.fault("dir", "no template of this name; GET /org/templates lists them");
        } catch (Problem broken) {
            envelope.fault("dir", dir + "/org.yaml cannot be read: " + broken.detail());
        }
        return null;
    }

    private static boolean isBareTemplate(ObjectNode object) {
        return !object.has("template") && !object.has("dir") && (object.has("workspaces") || object.has("name"));
    }

    /** The query parameters, by which a bare template too can be told how to be imported. */
    record Query(
            @Nullable String mode,
            @Nullable String parentId,
            @Nullable String dryRun,
            @Nullable String maxRemovals,
            @Nullable String confirm) {

        /** The body with the query's values; the two must not contradict each other, as in a dry run that is none. */
        ObjectNode over(ObjectNode body, Violations violations) {
            ObjectNode merged = body.objectNode();
            put(merged, "mode", mode);
            put(merged, "parent_id", parentId);
            put(merged, "dry_run", dryRun);
            put(merged, "max_removals", maxRemovals);
            put(merged, "confirm", confirm);
            for (Map.Entry<String, JsonNode> said : merged.properties()) {
                if (body.has(said.getKey()) && !body.get(said.getKey()).equals(said.getValue())) {
                    violations.add(
                            FieldPath.ROOT.field(said.getKey()),
                            "is " + said.getValue() + " in the query, but not here");
                }
            }
            return merged.setAll(body);
        }

        /** As the value that the text says, else as the text, which is then refused like such a text in a body. */
        private static void put(ObjectNode into, String name, @Nullable String text) {
            if (text != null) {
                into.set(name, CoreSchema.value(text, true));
            }
        }
    }
}
