package io.rollcall;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.http.Problem;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.function.Supplier;

/** A parser given something that a fuzzer made up: it may refuse, but with a problem and nothing else, and soon. */
public final class Fuzzed {

    /** For the small inputs that a fuzzer makes. Time of the processor, since a busy machine is no finding. */
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private Fuzzed() {}

    /** What the parser made of it; null when it refused. */
    public static <T> T parsed(Supplier<T> parser) {
        Duration taken = LIMIT;
        T result = null;
        // Twice, since classes that are loaded on the way take their time, but once.
        for (int i = 0; i < 2 && taken.compareTo(LIMIT) >= 0; i++) {
            long begin = CLOCK.getCurrentThreadCpuTime();
            result = refused(parser);
            taken = Duration.ofNanos(CLOCK.getCurrentThreadCpuTime() - begin);
        }
        assertTrue(taken.compareTo(LIMIT) < 0, "took " + taken);
        return result;
    }

    private static <T> T refused(Supplier<T> parser) {
        try {
            return parser.get();
        } catch (Problem refused) {
            assertTrue(refused.status() >= 400 && refused.status() < 500, refused::toString);
            return null;
        }
    }
}
