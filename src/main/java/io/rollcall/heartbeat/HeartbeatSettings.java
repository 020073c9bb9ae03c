package io.rollcall.heartbeat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What agents are asked for, and after how long without it they are silent. */
@ConfigMapping(prefix = "rollcall.heartbeats")
interface HeartbeatSettings {

    /** How often agents are told to beat, give or take a tenth. */
    @WithDefault("30s")
    Duration interval();

    /** How many beats a second are asked of all agents together: a large fleet is told to beat less often. */
    @WithDefault("5000")
    int rate();

    /** After how long without a beat an agent is silent. At least twice the interval. */
    @WithDefault("3m")
    Duration offlineAfter();

    /** How often each replica looks for the silent; not below a second. */
    @WithDefault("15s")
    Duration sweepEvery();

    /** How many rows a statement of beats has at most. */
    @WithDefault("2000")
    int flushMax();

    /** How many beats may wait on a replica; those of one request more are answered 503. */
    @WithDefault("50000")
    int queueSize();

    /** How long incidents are kept after their end, and agents after their last beat. */
    @WithDefault("90d")
    Duration retention();
}
