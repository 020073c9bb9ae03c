package io.rollcall.organisation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * What a reconcile may remove: orphans that this template's imports made and below which there is nothing else. One that
 * somebody has built upon stays, and so do the nodes above it.
 *
 * @param topDown to remove, every node after its parent
 * @param kept made by this template, but built upon
 */
record Removals(List<Orphan> topDown, List<Orphan> kept) {

    static final Removals NONE = new Removals(List.of(), List.of());

    static Removals of(List<Orphan> orphansTopDown) {
        Set<UUID> carrying = new HashSet<>();
        var remove = new ArrayList<Orphan>();
        var kept = new ArrayList<Orphan>();
        for (int i = orphansTopDown.size() - 1; i >= 0; i--) {
            Orphan orphan = orphansTopDown.get(i);
            boolean stays = !orphan.ours() || carrying.contains(orphan.id());
            if (stays && orphan.parentId() != null) {
                carrying.add(orphan.parentId());
            }
            if (!stays) {
                remove.add(orphan);
            } else if (orphan.ours()) {
                kept.add(orphan);
            }
        }
        Collections.reverse(remove);
        Collections.reverse(kept);
        return new Removals(remove, kept);
    }

    /** More than may go without a word: a fixed number if one is given, else a share of what exists. */
    boolean exceeds(ImportRequest request, int staying, double share) {
        if (topDown.isEmpty() || request.confirmed()) {
            return false;
        }
        return request.maxRemovals() != null
                ? topDown.size() > request.maxRemovals()
                : topDown.size() > share * (topDown.size() + staying);
    }
}
