package io.rollcall.hearing;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How sweeps go, the ledger's and that of agents. What is too late and too long silent is theirs to say. */
@ConfigMapping(prefix = "rollcall.sweeper")
public interface SweeperSettings {

    /** How often each replica sweeps the ledger; not below a second. */
    @WithDefault("30s")
    Duration every();

    /** How many rows one transaction settles at most. */
    @WithDefault("500")
    int batch();

    /**
     * How long after this replica or its database was away nobody is held to be silent. Unset: as long as silence takes, for
     * delegations and for agents.
     */
    Optional<Duration> bootGrace();

    /** Above which share of the live agents that fall silent at once the fault is sought elsewhere; 1 is never. */
    @WithDefault("0.5")
    double brake();
}
