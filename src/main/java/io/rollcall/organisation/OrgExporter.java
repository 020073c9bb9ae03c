package io.rollcall.organisation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.access.Caller;
import io.rollcall.http.Document;
import io.rollcall.http.Problem;
import io.rollcall.http.Worker;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a subtree as a template which, imported at the same place, creates nothing and changes nothing. What a row
 * inherited from {@code defaults} stands with the row; nodes that were never spawned are not in the tree, so not here.
 */
@ApplicationScoped
class OrgExporter {

    private static final String SUBTREE = """
            WITH RECURSIVE below (org_id, id) AS (
                SELECT w.org_id, w.id FROM workspaces w WHERE w.id = $1 AND w.status <> 'removed'
                   AND ($2::uuid IS NULL OR w.org_id = $2)
                UNION ALL
                SELECT w.org_id, w.id FROM workspaces w JOIN below b ON w.org_id = b.org_id AND w.parent_id = b.id
                 WHERE w.status <> 'removed')
            SELECT w.id, w.parent_id, w.name, w.role, w.runtime, w.tier, w.model, w.max_concurrent_tasks, w.external,
                   w.url, w.x, w.y, w.labels::text AS labels, w.required_env::text AS required_env,
                   w.agents::text AS agents, w.config::text AS config, w.template, w.template_parent_id, w.org_id
              FROM below b JOIN workspaces w ON w.id = b.id
             ORDER BY w.id
            """;

    private final ImportRuns runs;

    OrgExporter(ImportRuns runs) {
        this.runs = runs;
    }

    /** The template's bytes. Fails with 404 when there is no such workspace. */
    Uni<byte[]> export(SqlConnection connection, Caller caller, UUID root, boolean yaml) {
        Tuple values = Tuple.of(root, caller.organisation());
        return connection.preparedQuery(SUBTREE).execute(values).chain(rows -> {
            List<Row> found = rows.stream().toList();
            Row top = found.stream()
                    .filter(row -> row.getUUID("id").equals(root))
                    .findFirst()
                    .orElseThrow(() -> Problem.notFound("workspace", root));
            String name = top.getString("template") == null ? top.getString("name") : top.getString("template");
            return runs.latestConfig(connection, top.getUUID("org_id"), name, top.getUUID("template_parent_id"))
                    .chain(config -> Worker.run(() -> write(template(name, config, root, found), yaml)));
        });
    }

    private static byte[] write(ObjectNode template, boolean yaml) {
        String text = yaml ? Yaml.write(template) : template.toPrettyString();
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode template(String name, String config, UUID root, List<Row> rows) {
        ObjectNode template = JsonNodeFactory.instance.objectNode();
        template.put("name", name);
        template.setAll((ObjectNode) json(config));
        Map<UUID, ObjectNode> nodes = new HashMap<>(rows.size() * 2);
        rows.forEach(row -> nodes.put(row.getUUID("id"), node(row)));
        ArrayNode workspaces = template.putArray("workspaces");
        for (Row row : rows) {
            ObjectNode node = nodes.get(row.getUUID("id"));
            ObjectNode parent = row.getUUID("id").equals(root) ? null : nodes.get(row.getUUID("parent_id"));
            if (parent == null) {
                workspaces.add(node);
            } else {
                parent.withArray("children").add(node);
            }
        }
        return template;
    }

    private static ObjectNode node(Row row) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", row.getString("name"));
        putText(node, "role", row.getString("role"));
        putText(node, "runtime", row.getString("runtime"));
        node.put("tier", row.getInteger("tier"));
        putText(node, "model", row.getString("model"));
        node.put("max_concurrent_tasks", row.getInteger("max_concurrent_tasks"));
        if (row.getBoolean("external")) {
            node.put("external", true);
        }
        putText(node, "url", row.getString("url"));
        if (row.getDouble("x") != null || row.getDouble("y") != null) {
            ObjectNode canvas = node.putObject("canvas");
            for (String axis : List.of("x", "y")) {
                if (row.getDouble(axis) != null) {
                    canvas.put(axis, row.getDouble(axis));
                }
            }
        }
        for (String key : List.of("labels", "required_env", "agents")) {
            JsonNode value = json(row.getString(key));
            if (!value.isEmpty()) {
                node.set(key, value);
            }
        }
        node.setAll((ObjectNode) json(row.getString("config")));
        return node;
    }

    private static void putText(ObjectNode node, String key, @Nullable String value) {
        if (value != null) {
            node.put(key, value);
        }
    }

    private static JsonNode json(String text) {
        return Document.parseJson(text.getBytes(StandardCharsets.UTF_8));
    }
}
