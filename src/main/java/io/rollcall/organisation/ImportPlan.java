package io.rollcall.organisation;

import io.rollcall.http.Ids;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A template laid out for import: its nodes depth-first, as the reply lists them, and by level, as they are written.
 * Made anew for each attempt of the transaction.
 */
final class ImportPlan {

    /** Every import locks keys in this order within a level, and levels from the top down, so that none waits in a circle. */
    private static final Comparator<Node> KEY_ORDER =
            Comparator.<Node, UUID>comparing(ImportPlan::parentOrZero).thenComparing(node -> node.template.name());

    final List<Node> nodes = new ArrayList<>();
    private final List<List<Node>> levels = new ArrayList<>();
    private final @Nullable AttachPoint attach;

    ImportPlan(Template template, @Nullable AttachPoint attach) {
        this.attach = attach;
        String prefix = attach == null ? "" : attach.path() + "/";
        for (TemplateNode root : template.workspaces()) {
            add(root, null, prefix, 0);
        }
    }

    private void add(TemplateNode template, @Nullable Node parent, String prefix, int level) {
        Node node = new Node(template, parent, prefix);
        nodes.add(node);
        if (node.spawned) {
            if (levels.size() == level) {
                levels.add(new ArrayList<>());
            }
            levels.get(level).add(node);
        }
        String below = node.path + "/";
        for (TemplateNode child : template.children()) {
            add(child, node, below, level + 1);
        }
    }

    int depth() {
        return levels.size();
    }

    /** The nodes of one level in key order. Call it when the level above is resolved: parents' ids are part of the key. */
    List<Node> level(int index) {
        List<Node> level = levels.get(index);
        for (Node node : level) {
            node.orgId = node.parent != null ? node.parent.orgId : attach != null ? attach.orgId() : node.id;
        }
        level.sort(KEY_ORDER);
        return level;
    }

    @Nullable UUID parentId(Node node) {
        if (node.parent != null) {
            return node.parent.id;
        }
        return attach == null ? null : attach.id();
    }

    List<Node> existing() {
        return nodes.stream().filter(Node::exists).toList();
    }

    int count(Action action) {
        return (int) nodes.stream().filter(node -> node.action == action).count();
    }

    /** The organisation that all of it belongs to; null when the template has several roots at the top level. */
    @Nullable UUID orgId() {
        if (attach != null) {
            return attach.orgId();
        }
        List<Node> roots = levels.isEmpty() ? List.of() : levels.get(0);
        return roots.size() == 1 ? roots.get(0).orgId : null;
    }

    private static UUID parentOrZero(Node node) {
        return node.parent == null ? Ids.ZERO : node.parent.id;
    }
}
