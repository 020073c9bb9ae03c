package io.rollcall.organisation;

import io.rollcall.http.Ids;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A template's node while it is being imported: what becomes of it is filled in level by level. */
final class Node {

    final TemplateNode template;
    final @Nullable Node parent;
    final String path;
    final boolean spawned;

    /** The row's id: a new one until it turns out that the row exists. */
    UUID id = Ids.next();

    UUID orgId = id;
    int tier;
    Action action;

    @Nullable String changes;

    Node(TemplateNode template, @Nullable Node parent, String prefix) {
        this.template = template;
        this.parent = parent;
        this.path = prefix + template.name();
        this.spawned = template.spawning() && (parent == null || parent.spawned);
        this.tier = template.tier() == null ? 1 : template.tier();
        this.action = spawned ? Action.CREATED : Action.NOT_SPAWNED;
    }

    /** The row was there before this import. */
    boolean exists() {
        return action == Action.SKIPPED || action == Action.UPDATED;
    }

    void resolve(UUID existingId, UUID existingOrgId, int existingTier) {
        id = existingId;
        orgId = existingOrgId;
        tier = existingTier;
        action = Action.SKIPPED;
    }
}
