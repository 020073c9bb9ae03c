package io.rollcall.organisation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.http.Document;
import io.rollcall.http.FieldPath;
import io.rollcall.http.Ids;
import io.rollcall.http.Problem;
import io.rollcall.http.Violations;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
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
            Document envelope = new Document(query.over(wrapped), FieldPath.ROOT, violations);
            return read(envelope, request, null);
        }
        Document envelope = new Document(query.over(request.json()), FieldPath.ROOT, violations);
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
            @Nullable Boolean dryRun,
            @Nullable Integer maxRemovals,
            @Nullable Boolean confirm) {

        private static final List<String> NAMES = List.of("mode", "parent_id", "dry_run", "max_removals", "confirm");

        /** The body with the query's values where it has none of its own. */
        ObjectNode over(ObjectNode body) {
            ObjectNode merged = body.objectNode();
            putIfSaid(merged);
            for (String name : NAMES) {
                if (body.has(name)) {
                    merged.remove(name);
                }
            }
            return merged.setAll(body);
        }

        private void putIfSaid(ObjectNode into) {
            if (mode != null) {
                into.put("mode", mode);
            }
            if (parentId != null) {
                into.put("parent_id", parentId);
            }
            if (dryRun != null) {
                into.put("dry_run", dryRun);
            }
            if (maxRemovals != null) {
                into.put("max_removals", maxRemovals);
            }
            if (confirm != null) {
                into.put("confirm", confirm);
            }
        }
    }
}
