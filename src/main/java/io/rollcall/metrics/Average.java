package io.rollcall.metrics;

import java.util.Locale;

/** What an average or a rate was taken of; null where there was nothing. In the order of the columns. */
enum Average {
    AVG_DURATION_MIN(Counter.TASKS_COMPLETED),
    MEDIAN_DURATION_MIN(Counter.TASKS_COMPLETED),
    AVG_GAP_MIN(Counter.TASKS_COMPLETED),
    CHAIN_RATE(Counter.TASKS_COMPLETED),
    THROUGHPUT(Counter.ACTIVE_MINUTES),
    FIRST_PASS_RATE(Counter.TASKS_COMPLETED),
    MENTION_RESPONSE_MIN(Counter.MENTIONS_RECEIVED),
    REVIEW_NOTES_RATE(Counter.TASKS_COMPLETED),
    TEST_PLAN_RATE(Counter.TASKS_COMPLETED);

    private final Counter weight;

    Average(Counter weight) {
        this.weight = weight;
    }

    /** Of how many things a day's value speaks: by this the days of a team weigh. */
    Counter weight() {
        return weight;
    }

    /** A share, from 0 to 1. */
    boolean isRate() {
        return name().endsWith("_RATE");
    }

    long most() {
        return isRate() ? 1 : Counter.MOST;
    }

    /** In JSON and in SQL. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
