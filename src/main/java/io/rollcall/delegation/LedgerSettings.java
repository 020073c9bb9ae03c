package io.rollcall.delegation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The ledger's settings. */
@ConfigMapping(prefix = "rollcall.delegations")
interface LedgerSettings {

    /** What stuck means. */
    enum Stuck {
        /** An end: told to the caller, and what comes after is kept as a late result. */
        FINAL,
        /** A warning: a result may still come, and only the deadline gives up. */
        RECOVERABLE
    }

    /** After how long without a beat the callee of a delegation that was heard of is held to be silent. */
    @WithDefault("10m")
    Duration stuckAfter();

    /** The deadline of a delegation whose caller names none. */
    @WithDefault("6h")
    Duration deadline();

    /** The latest deadline that a caller may name. */
    @WithDefault("7d")
    Duration maxDeadline();

    /** How long a callee has to stop by itself when it is asked to. */
    @WithDefault("30s")
    Duration cancelGrace();

    /** Whether stuck is an end, for delegations that become so from now on. */
    @WithDefault("final")
    Stuck stuck();

    /** How long delegations are kept after their end, with their events, messages and activity. */
    @WithDefault("90d")
    Duration retention();

    /** How many characters a task may have. */
    @WithDefault("1000000")
    int maxTask();
}
