package io.rollcall.http;

import org.jspecify.annotations.Nullable;

/** Where a value stands in a body, written as {@code template.workspaces[2].name}; built only when something is wrong. */
public final class FieldPath {

    public static final FieldPath ROOT = new FieldPath(null, "");

    private final @Nullable FieldPath parent;
    private final String segment;

    private FieldPath(@Nullable FieldPath parent, String segment) {
        this.parent = parent;
        this.segment = segment;
    }

    public FieldPath field(String name) {
        return new FieldPath(this, name);
    }

    public FieldPath index(int index) {
        return new FieldPath(this, "[" + index + "]");
    }

    @Override
    public String toString() {
        if (parent == null) {
            return segment;
        }
        String before = parent.toString();
        return before.isEmpty() || segment.startsWith("[") ? before + segment : before + "." + segment;
    }
}
