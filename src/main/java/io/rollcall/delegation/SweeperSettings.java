package io.rollcall.delegation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How the ledger is swept. What is too late and too long silent is the ledger's to say: {@link LedgerSettings}. */
@ConfigMapping(prefix = "rollcall.sweeper")
interface SweeperSettings {

    /** How often each replica sweeps; not below a second. */
    @WithDefault("30s")
    Duration every();

    /** How many delegations one transaction settles at most. */
    @WithDefault("500")
    int batch();

    /**
     * How long after this replica or its database was away nobody is held to be silent. Unset: as long as silence takes,
     * {@link LedgerSettings#stuckAfter}.
     */
    Optional<Duration> bootGrace();

    /** Above which share of the live agents that fall silent at once the fault is sought elsewhere; 1 is never. */
    @WithDefault("0.5")
    double brake();
}
