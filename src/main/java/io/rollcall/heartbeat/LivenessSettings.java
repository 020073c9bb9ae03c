package io.rollcall.heartbeat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When an agent is held to be silent, and how long it is remembered then. */
@ConfigMapping(prefix = "rollcall.heartbeats")
interface LivenessSettings {

    /** After how long without a beat an agent is silent. */
    @WithDefault("3m")
    Duration offlineAfter();

    /** How long incidents are kept after their end, and agents after their last beat. */
    @WithDefault("90d")
    Duration retention();
}
