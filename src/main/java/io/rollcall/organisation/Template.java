package io.rollcall.organisation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A valid organisation template.
 *
 * @param config what an export needs beyond the nodes: description, environment and kept keys, as JSON text
 */
record Template(
        String name,
        @Nullable String description,
        List<EnvRequirement> requiredEnv,
        List<EnvRequirement> recommendedEnv,
        String config,
        List<TemplateNode> workspaces) {

    /** Every requirement of the template and of the nodes that will exist. */
    List<EnvRequirement> allRequiredEnv() {
        var all = new ArrayList<>(requiredEnv);
        workspaces.forEach(node -> collect(node, all));
        return all.stream().distinct().toList();
    }

    int size() {
        return workspaces.stream().mapToInt(Template::size).sum();
    }

    private static void collect(TemplateNode node, List<EnvRequirement> into) {
        if (node.spawning()) {
            into.addAll(node.environment());
            node.children().forEach(child -> collect(child, into));
        }
    }

    private static int size(TemplateNode node) {
        return 1 + node.children().stream().mapToInt(Template::size).sum();
    }
}
