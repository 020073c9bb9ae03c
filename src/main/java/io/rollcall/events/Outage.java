package io.rollcall.events;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Since when something fails again and again, so that it is said once, and only when it lasts. */
final class Outage {

    static final Duration WORTH_A_WARNING = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    private volatile @Nullable Long since;
    private volatile boolean said;

    Outage(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** @return whether it is time to say so */
    boolean failed() {
        if (since == null) {
            since = nanos.getAsLong();
        }
        boolean due = !said && seconds() > WORTH_A_WARNING.toSeconds();
        said |= due;
        return due;
    }

    /** @return whether it had been said that it failed */
    boolean isOver() {
        boolean had = said;
        since = null;
        said = false;
        return had;
    }

    /** How long it has lasted; 0 when all is well. */
    double seconds() {
        Long begun = since;
        return begun == null ? 0 : (nanos.getAsLong() - begun) / 1e9;
    }
}
