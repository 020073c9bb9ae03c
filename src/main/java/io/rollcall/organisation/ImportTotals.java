package io.rollcall.organisation;

/** How many nodes an import created, skipped, updated and removed. */
record ImportTotals(int created, int skipped, int updated, int removed) {}
