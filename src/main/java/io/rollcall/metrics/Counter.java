package io.rollcall.metrics;

import java.util.Locale;

/** What is counted: whole numbers that are added to. In the order of the columns. */
enum Counter {
    TASKS_COMPLETED,
    TASKS_STARTED,
    BOUNCE_COUNT,
    STALL_COUNT,
    COMMENTS_POSTED,
    MENTIONS_RECEIVED,
    MENTIONS_SENT,
    KUDOS_COUNT,
    FLAG_COUNT,
    ACTIVE_MINUTES,
    VERSIONS_COMPLETED;

    /** What every JSON client holds exactly: the largest, and without its sign the least, number of any metric. */
    static final long MOST = 9_007_199_254_740_991L;

    /** In JSON and in SQL. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
