package io.rollcall.organisation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.http.Document;
import io.rollcall.http.FieldPath;
import io.rollcall.http.Labels;
import io.rollcall.http.Limits;
import io.rollcall.http.Storable;
import io.rollcall.http.Violations;
import io.rollcall.workspace.AgentShape;
import io.rollcall.workspace.WorkspaceFields;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a template and says everything that is wrong with it at once, each fault under its path. Nothing is dropped in
 * silence: keys without behaviour here are kept in {@code config}, any other key is a violation.
 */
@ApplicationScoped
class TemplateReader {

    /** Kept verbatim for the systems that act on them. */
    private static final Set<String> KEPT_OF_NODE = Set.of(
            "system_prompt",
            "initial_prompt",
            "initial_prompt_file",
            "idle_prompt",
            "idle_prompt_file",
            "idle_interval_seconds",
            "files_dir",
            "template",
            "workspace_dir",
            "workspace_access",
            "plugins",
            "category_routing",
            "initial_memories",
            "schedules",
            "channels",
            "recommended_env");

    private static final Set<String> KEPT_OF_TEMPLATE = union(KEPT_OF_NODE, Set.of("global_memories"));
    private static final Set<String> KEPT_OF_DEFAULTS = KEPT_OF_NODE;
    private static final Set<String> DEFAULTS = Set.of("runtime", "tier", "model", "role");
    private static final Set<String> TEMPLATE =
            Set.of("name", "description", "defaults", "workspaces", "required_env", "recommended_env");
    private static final Set<String> NODE = Set.of(
            "name",
            "role",
            "runtime",
            "tier",
            "model",
            "max_concurrent_tasks",
            "external",
            "url",
            "spawning",
            "canvas",
            "labels",
            "required_env",
            "agents",
            "children");
    private static final Set<String> CANVAS = Set.of("x", "y");
    private static final String EXTENSION = "x-";
    private static final int MOST_AGENTS = 1000;
    private static final long MOST_COPIED = 32 * 1024 * 1024;

    private final Limits limits;
    private final ImportSettings settings;
    private final WorkspaceFields fields;

    TemplateReader(Limits limits, ImportSettings settings) {
        this.limits = limits;
        this.settings = settings;
        this.fields = new WorkspaceFields(limits);
    }

    /** Null when there are violations, which the document's collector then has. */
    @Nullable Template read(Document document) {
        int nodes = countNodes(document.json(), "workspaces");
        if (nodes > settings.maxNodes()) {
            document.fault(
                    "workspaces",
                    "the template has " + nodes + " workspaces; the limit is " + settings.maxNodes()
                            + " (rollcall.import.max-nodes)");
            return null;
        }
        allowOnly(document, TEMPLATE, KEPT_OF_TEMPLATE);
        String name = document.name("name", limits.name());
        String description = document.text("description", limits.text());
        List<EnvRequirement> required = EnvRequirement.read(document, "required_env");
        List<EnvRequirement> recommended = EnvRequirement.read(document, "recommended_env");
        Defaults defaults = defaults(document);
        if (copies(defaults, nodes) > MOST_COPIED) {
            document.fault(
                    "defaults",
                    "would put " + copies(defaults, nodes) + " characters into " + nodes + " workspaces; the limit is "
                            + MOST_COPIED);
            return null;
        }
        List<TemplateNode> workspaces = nodes(document, "workspaces", defaults, 1);
        if (workspaces.isEmpty() && document.violations().isEmpty()) {
            document.fault("workspaces", "must have at least one workspace");
        }
        ObjectNode config = document.json().deepCopy();
        config.remove(List.of("name", "defaults", "workspaces"));
        checkStorable(config, document.path(), document.violations());
        return document.violations().isEmpty()
                ? new Template(
                        Objects.requireNonNull(name), description, required, recommended, config.toString(), workspaces)
                : null;
    }

    private record Defaults(
            @Nullable String runtime,
            @Nullable Integer tier,
            @Nullable String model,
            @Nullable String role,
            @Nullable ObjectNode kept) {}

    /** Kept keys among the defaults apply to each node that does not state them, as the fields do. */
    private Defaults defaults(Document template) {
        Document document = template.object("defaults");
        if (document == null) {
            return new Defaults(null, null, null, null, null);
        }
        allowOnly(document, DEFAULTS, KEPT_OF_DEFAULTS);
        return new Defaults(
                document.text("runtime", limits.word()),
                fields.tier(document),
                document.text("model", limits.word()),
                document.text("role", limits.role()),
                kept(document, DEFAULTS));
    }

    /** Kept defaults are written to every workspace: what is small in the body may be gigabytes in the tree. */
    private static long copies(Defaults defaults, int nodes) {
        return defaults.kept() == null ? 0 : (long) defaults.kept().toString().length() * nodes;
    }

    private List<TemplateNode> nodes(Document parent, String key, Defaults defaults, int level) {
        JsonNode list = parent.value(key);
        if (list == null) {
            return List.of();
        }
        FieldPath path = parent.at(key);
        if (!list.isArray()) {
            parent.fault(key, "must be a list, is " + Document.kind(list));
            return List.of();
        }
        if (level > settings.maxDepth() && !list.isEmpty()) {
            parent.fault(
                    key,
                    "is level " + level + "; the limit is " + settings.maxDepth()
                            + " levels (rollcall.import.max-depth)");
            return List.of();
        }
        var nodes = new ArrayList<TemplateNode>(list.size());
        Map<String, FieldPath> names = new HashMap<>(list.size() * 2);
        for (int i = 0; i < list.size(); i++) {
            FieldPath at = path.index(i);
            if (list.get(i) instanceof ObjectNode object) {
                TemplateNode node = node(new Document(object, at, parent.violations()), defaults, level);
                FieldPath twin = node.name().isEmpty() ? null : names.putIfAbsent(node.name(), at);
                if (twin != null) {
                    parent.violations().add(at.field("name"), "is also the name of its sibling " + twin.field("name"));
                }
                nodes.add(node);
            } else {
                parent.violations().add(at, "must be an object, is " + Document.kind(list.get(i)));
            }
        }
        return nodes;
    }

    private TemplateNode node(Document document, Defaults defaults, int level) {
        allowOnly(document, NODE, KEPT_OF_NODE);
        Document canvas = document.object("canvas");
        if (canvas != null) {
            canvas.json().fieldNames().forEachRemaining(key -> {
                if (!CANVAS.contains(key)) {
                    canvas.fault(key, canvas.unknown(key, CANVAS));
                }
            });
        }
        Boolean spawning = document.bool("spawning");
        List<EnvRequirement> environment = EnvRequirement.read(document, "required_env");
        return new TemplateNode(
                document.path(),
                Objects.requireNonNullElse(document.name("name", limits.name()), ""),
                orDefault(document.text("role", limits.role()), defaults.role()),
                orDefault(document.text("runtime", limits.word()), defaults.runtime()),
                orDefault(fields.tier(document), defaults.tier()),
                orDefault(document.text("model", limits.word()), defaults.model()),
                fields.maxConcurrentTasks(document),
                document.bool("external"),
                fields.url(document),
                spawning == null || spawning,
                canvas == null ? null : canvas.number("x"),
                canvas == null ? null : canvas.number("y"),
                text(Labels.read(document, limits)),
                text(document.value("required_env")),
                text(agents(document)),
                text(config(document, defaults)),
                environment,
                nodes(document, "children", defaults, level + 1));
    }

    /** A list of agents' ids, or of objects with an {@code id} and whatever else belongs to the agent. */
    private @Nullable JsonNode agents(Document document) {
        JsonNode list = document.value("agents");
        if (list == null) {
            return null;
        }
        FieldPath path = document.at("agents");
        if (!list.isArray() || list.size() > MOST_AGENTS) {
            document.fault("agents", "must be a list of at most " + MOST_AGENTS);
            return null;
        }
        for (int i = 0; i < list.size(); i++) {
            FieldPath at = path.index(i);
            if (list.get(i).isTextual()) {
                ObjectNode wrapped = document.json().objectNode().set("id", list.get(i));
                new Document(wrapped, at, document.violations()).name("id", AgentShape.LONGEST_ID);
            } else if (list.get(i) instanceof ObjectNode agent) {
                new Document(agent, at, document.violations()).name("id", AgentShape.LONGEST_ID);
            } else {
                document.violations().add(at, "must be an agent's id or an object with an id");
            }
        }
        checkStorable(list, path, document.violations());
        return list;
    }

    private @Nullable ObjectNode config(Document document, Defaults defaults) {
        ObjectNode own = kept(document, NODE);
        if (defaults.kept() == null) {
            return own;
        }
        ObjectNode all = defaults.kept().deepCopy();
        return own == null ? all : all.setAll(own);
    }

    /** What the document has beyond its fields; null when there is nothing. */
    private static @Nullable ObjectNode kept(Document document, Set<String> fields) {
        ObjectNode kept = null;
        for (Map.Entry<String, JsonNode> entry : document.json().properties()) {
            if (!fields.contains(entry.getKey())) {
                kept = kept == null ? document.json().objectNode() : kept;
                kept.set(entry.getKey(), entry.getValue());
            }
        }
        if (kept != null) {
            checkStorable(kept, document.path(), document.violations());
        }
        return kept;
    }

    private static void allowOnly(Document document, Set<String> fields, Set<String> kept) {
        Set<String> known = union(fields, kept);
        for (Map.Entry<String, JsonNode> entry : document.json().properties()) {
            String key = entry.getKey();
            if (!known.contains(key) && !key.startsWith(EXTENSION)) {
                document.fault(key, document.unknown(key, known) + "; keys of your own begin with x-");
            }
        }
    }

    /** What is kept unread must still be something that the database's jsonb can hold. */
    private static void checkStorable(JsonNode value, FieldPath path, Violations violations) {
        String fault = Storable.fault(value);
        if (fault != null) {
            violations.add(path, fault);
        }
    }

    private static int countNodes(JsonNode node, String key) {
        JsonNode list = node.get(key);
        if (list == null || !list.isArray()) {
            return 0;
        }
        int count = list.size();
        for (JsonNode child : list) {
            count += countNodes(child, "children");
        }
        return count;
    }

    private static <T> @Nullable T orDefault(@Nullable T stated, @Nullable T otherwise) {
        return stated == null ? otherwise : stated;
    }

    private static @Nullable String text(@Nullable JsonNode json) {
        return json == null ? null : json.toString();
    }

    private static Set<String> union(Set<String> some, Set<String> more) {
        var all = new HashSet<>(some);
        all.addAll(more);
        return Set.copyOf(all);
    }
}
