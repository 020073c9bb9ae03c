package io.rollcall.organisation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** A tree for the races: grown from a seed, written down with its siblings in any order. */
record Branch(String name, List<Branch> children) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Uneven: the early nodes get most of the children. Names repeat under different parents. */
    static Branch grow(String root, int nodes, int levels, Random random) {
        record Placed(Branch branch, int level) {}
        var top = new Branch(root, new ArrayList<>());
        List<Placed> mayGrow = new ArrayList<>(List.of(new Placed(top, 1)));
        for (int i = 1; i < nodes; i++) {
            double bias = random.nextDouble();
            Placed parent = mayGrow.get((int) (mayGrow.size() * bias * bias));
            List<Branch> siblings = parent.branch.children;
            var child = new Branch("node " + siblings.size(), new ArrayList<>());
            siblings.add(child);
            if (parent.level + 1 < levels) {
                mayGrow.add(new Placed(child, parent.level + 1));
            }
        }
        return top;
    }

    /** The same with only some of the children, everywhere. */
    Branch thinned(Random random, double share) {
        List<Branch> kept = new ArrayList<>();
        for (Branch child : children) {
            if (random.nextDouble() < share) {
                kept.add(child.thinned(random, share));
            }
        }
        return new Branch(name, kept);
    }

    Branch cutBelow(int levels) {
        return new Branch(
                name,
                levels == 1
                        ? List.of()
                        : children.stream()
                                .map(child -> child.cutBelow(levels - 1))
                                .toList());
    }

    int size() {
        return 1 + children.stream().mapToInt(Branch::size).sum();
    }

    /** An import of this tree with its siblings in the order that the random number generator gives. */
    String body(Random order, Consumer<ObjectNode> request) {
        return body(List.of(this), order, node -> {}, request);
    }

    static String body(List<Branch> tops, Random order, Consumer<ObjectNode> each, Consumer<ObjectNode> request) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode template = body.putObject("template").put("name", "races");
        write(tops, order, each, template.putArray("workspaces"));
        request.accept(body);
        return body.toString();
    }

    private static void write(List<Branch> siblings, Random order, Consumer<ObjectNode> each, ArrayNode into) {
        List<Branch> shuffled = new ArrayList<>(siblings);
        Collections.shuffle(shuffled, order);
        for (Branch branch : shuffled) {
            ObjectNode node = into.addObject().put("name", branch.name);
            each.accept(node);
            if (!branch.children.isEmpty()) {
                write(branch.children, order, each, node.putArray("children"));
            }
        }
    }
}
