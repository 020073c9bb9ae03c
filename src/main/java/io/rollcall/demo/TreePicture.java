package io.rollcall.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The upper levels of a tree, drawn in text. */
final class TreePicture {

    private static final int LEVELS = 3;

    private final Map<String, List<JsonNode>> children = new HashMap<>();
    private final StringBuilder picture = new StringBuilder();

    private TreePicture() {}

    /** @param workspaces the flat list that the API gives */
    static String of(JsonNode workspaces, String rootId) {
        var tree = new TreePicture();
        for (JsonNode workspace : workspaces) {
            String parent = workspace.path("parent_id").asText("");
            tree.children.computeIfAbsent(parent, key -> new ArrayList<>()).add(workspace);
        }
        for (JsonNode root : workspaces) {
            if (root.path("id").asText().equals(rootId)) {
                tree.picture.append("  ").append(root.path("name").asText()).append('\n');
                tree.draw(rootId, "  ", 2);
            }
        }
        return tree.picture.toString();
    }

    private void draw(String parent, String indent, int level) {
        List<JsonNode> below = children.getOrDefault(parent, List.of());
        for (int i = 0; i < below.size(); i++) {
            boolean last = i == below.size() - 1;
            JsonNode child = below.get(i);
            int hidden = level == LEVELS ? child.path("children_count").asInt() : 0;
            picture.append(indent)
                    .append(last ? "└─ " : "├─ ")
                    .append(child.path("name").asText())
                    .append(hidden == 0 ? "" : " (+" + hidden + ")")
                    .append('\n');
            if (level < LEVELS) {
                draw(child.path("id").asText(), indent + (last ? "   " : "│  "), level + 1);
            }
        }
    }
}
