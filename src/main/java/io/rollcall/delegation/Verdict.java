package io.rollcall.delegation;

import java.util.Locale;

/** What the sweeper finds, in the order in which it looks; the names are those of {@link Delegation#outcome}. */
enum Verdict {
    DEADLINE_EXCEEDED,
    CANCELLED,
    LOST;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
