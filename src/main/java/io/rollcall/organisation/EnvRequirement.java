package io.rollcall.organisation;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.FieldPath;
import io.rollcall.http.Violations;
import io.rollcall.workspace.EnvShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A variable that must be known before an import, or several of which one will do. Written as a name or as
 * {@code {any_of: [NAME, NAME]}}.
 */
@RegisterForReflection
record EnvRequirement(List<String> anyOf) {

    private static final Pattern NAME = Pattern.compile(EnvShape.NAME);

    EnvRequirement {
        anyOf = List.copyOf(anyOf);
    }

    boolean isMet(Predicate<String> known) {
        return anyOf.stream().anyMatch(known);
    }

    @JsonValue
    Object json() {
        return anyOf.size() == 1 ? anyOf.get(0) : Map.of("any_of", anyOf);
    }

    static List<EnvRequirement> read(Document document, String key) {
        JsonNode list = document.value(key);
        if (list == null) {
            return List.of();
        }
        FieldPath path = document.at(key);
        if (!list.isArray()) {
            document.fault(key, "must be a list, is " + Document.kind(list));
            return List.of();
        }
        var found = new ArrayList<EnvRequirement>();
        for (int i = 0; i < list.size(); i++) {
            EnvRequirement requirement = one(list.get(i), path.index(i), document.violations());
            if (requirement != null) {
                found.add(requirement);
            }
        }
        return found;
    }

    private static @Nullable EnvRequirement one(JsonNode entry, FieldPath path, Violations violations) {
        if (entry.isTextual()) {
            return names(List.of(entry), path, violations);
        }
        if (entry.isObject()
                && entry.size() == 1
                && entry.get("any_of") instanceof ArrayNode group
                && !group.isEmpty()) {
            var members = new ArrayList<JsonNode>();
            group.forEach(members::add);
            return names(members, path.field("any_of"), violations);
        }
        violations.add(path, "must be a variable's name or {any_of: [NAME, ...]}");
        return null;
    }

    private static @Nullable EnvRequirement names(List<JsonNode> entries, FieldPath path, Violations violations) {
        var names = new ArrayList<String>();
        for (JsonNode entry : entries) {
            if (!entry.isTextual() || !NAME.matcher(entry.textValue()).matches()) {
                violations.add(path, "must be a variable's name: A to Z, 0 to 9 and _, beginning with a letter");
                return null;
            }
            names.add(entry.textValue());
        }
        return new EnvRequirement(names);
    }
}
