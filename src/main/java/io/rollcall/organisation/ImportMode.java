package io.rollcall.organisation;

import java.util.Locale;

/** What an import does to nodes that exist. Each mode also does what the one before it does. */
enum ImportMode {
    /** Adds what is missing; leaves what exists. */
    MERGE,
    /** Writes the fields that the template states and that differ. */
    UPDATE,
    /** Removes what an earlier import of this template made here and the template no longer contains. */
    RECONCILE;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
