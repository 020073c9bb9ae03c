/** What agents did, by day: counters that are added to, averages and rates, and the team's view of them. */
@NullMarked
package io.rollcall.metrics;

import org.jspecify.annotations.NullMarked;
