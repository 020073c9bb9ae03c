package bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * An organisation of a given size and depth, the same for the same seed: levels grow geometrically, parents are drawn at
 * random, and every node carries what templates in the field carry (role, runtime, model, canvas, labels, a prompt).
 */
final class OrgTree {

    static final ObjectMapper JSON = new ObjectMapper();

    private static final String[] TEAMS = {
        "Payments", "Search", "Identity", "Billing", "Data platform", "Site reliability", "Mobile", "Compliance",
        "Research", "Support", "Growth", "Security", "Storage", "Networking", "Design", "Documentation"
    };
    private static final String[] ROLES = {
        "backend engineer", "frontend engineer", "reviewer", "site reliability engineer", "product manager",
        "data analyst", "technical writer", "security engineer", "release manager", "researcher"
    };
    private static final String[] MODELS = {"large-2026-01", "medium-2026-01", "small-2026-01"};

    /** One workspace; the four documents are kept both as the template states them and as the row holds them. */
    static final class Node {
        final Node parent;
        final String name;
        final String role;
        final int tier;
        final String model;
        final Integer maxTasks;
        final double x;
        final double y;
        final String labels;
        final String agents;
        final String config;
        final String prompt;
        final List<Node> children = new ArrayList<>();
        /** Of the row, once somebody has written or found it. */
        UUID id;

        Node(Node parent, int number, Random random) {
            this.parent = parent;
            name = TEAMS[number % TEAMS.length] + " " + number;
            role = ROLES[random.nextInt(ROLES.length)];
            tier = 1 + random.nextInt(4);
            model = MODELS[random.nextInt(MODELS.length)];
            maxTasks = random.nextInt(4) == 0 ? 1 + random.nextInt(8) : null;
            x = random.nextInt(20_000) / 2.0;
            y = random.nextInt(20_000) / 2.0;
            labels = "{\"cost_centre\":\"cc-" + random.nextInt(500) + "\",\"region\":\"eu-" + random.nextInt(4) + "\"}";
            agents = random.nextInt(3) == 0 ? "[\"agent-" + number + "\"]" : null;
            prompt = "You are " + name + ", a " + role + ". Work in small steps, show your sources, hand over what you"
                    + " cannot finish, and never touch a repository that is not yours.";
            config = "{\"system_prompt\":" + quoted(prompt) + "}";
            if (parent != null) {
                parent.children.add(this);
            }
        }

        UUID rootId() {
            Node top = this;
            while (top.parent != null) {
                top = top.parent;
            }
            return top.id;
        }

        UUID parentId() {
            return parent == null ? null : parent.id;
        }
    }

    final String name;
    final int depth;
    /** Parents before children, level by level. */
    final List<List<Node>> levels;
    /** Depth-first, as a person walking the tree meets them. */
    final List<Node> nodes = new ArrayList<>();

    private OrgTree(String name, List<List<Node>> levels) {
        this.name = name;
        this.levels = levels;
        this.depth = levels.size();
        walk(levels.get(0).get(0));
    }

    private void walk(Node node) {
        nodes.add(node);
        node.children.forEach(this::walk);
    }

    static OrgTree of(int size, int depth) {
        var random = new Random(42);
        var levels = new ArrayList<List<Node>>();
        int number = 0;
        for (int count : levelSizes(size, depth)) {
            var level = new ArrayList<Node>(count);
            for (int i = 0; i < count; i++) {
                List<Node> above = levels.isEmpty() ? List.of() : levels.get(levels.size() - 1);
                level.add(new Node(above.isEmpty() ? null : above.get(random.nextInt(above.size())), number++, random));
            }
            levels.add(level);
        }
        return new OrgTree("bench " + size + " in " + depth, levels);
    }

    /** One root, then each level the same factor larger; the last takes what is left. */
    private static int[] levelSizes(int size, int depth) {
        double low = 1;
        double high = size;
        for (int i = 0; i < 100; i++) {
            double factor = (low + high) / 2;
            double sum = 0;
            for (int level = 0; level < depth; level++) {
                sum += Math.pow(factor, level);
            }
            if (sum < size) {
                low = factor;
            } else {
                high = factor;
            }
        }
        var sizes = new int[depth];
        int left = size;
        for (int level = 0; level < depth - 1; level++) {
            sizes[level] = Math.max(1, (int) Math.pow(low, level));
            left -= sizes[level];
        }
        sizes[depth - 1] = left;
        return sizes;
    }

    byte[] json() {
        return json(null);
    }

    /** @param shuffle null: siblings in their own order */
    byte[] json(Random shuffle) {
        try {
            return JSON.writeValueAsBytes(JSON.createObjectNode().set("template", template(shuffle)));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bare template, which YAML may be. JSON-like flow style would be parsed faster; people write blocks. */
    byte[] yaml() {
        var options = new org.yaml.snakeyaml.DumperOptions();
        options.setDefaultFlowStyle(org.yaml.snakeyaml.DumperOptions.FlowStyle.BLOCK);
        Object plain = JSON.convertValue(template(null), Object.class);
        return new org.yaml.snakeyaml.Yaml(options).dump(plain).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private ObjectNode template(Random shuffle) {
        ObjectNode template = JSON.createObjectNode().put("name", name).put("description", "made by the benchmark");
        template.putObject("defaults").put("runtime", "python");
        template.putArray("workspaces").add(object(nodes.get(0), shuffle));
        return template;
    }

    private static ObjectNode object(Node node, Random shuffle) {
        ObjectNode object = JSON.createObjectNode()
                .put("name", node.name)
                .put("role", node.role)
                .put("tier", node.tier)
                .put("model", node.model);
        if (node.maxTasks != null) {
            object.put("max_concurrent_tasks", node.maxTasks);
        }
        object.putObject("canvas").put("x", node.x).put("y", node.y);
        object.set("labels", read(node.labels));
        if (node.agents != null) {
            object.set("agents", read(node.agents));
        }
        object.put("system_prompt", node.prompt);
        if (!node.children.isEmpty()) {
            List<Node> children = new ArrayList<>(node.children);
            if (shuffle != null) {
                Collections.shuffle(children, shuffle);
            }
            ArrayNode list = object.putArray("children");
            children.forEach(child -> list.add(object(child, shuffle)));
        }
        return object;
    }

    private static com.fasterxml.jackson.databind.JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
