package bench;

import java.util.Arrays;

/** What one step took, each time, in nanoseconds. */
final class Latencies {

    private long[] nanos = new long[1 << 16];
    private int count;

    void add(long value) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = value;
    }

    synchronized void addAll(Latencies others) {
        for (int i = 0; i < others.count; i++) {
            add(others.nanos[i]);
        }
    }

    void clear() {
        count = 0;
    }

    int count() {
        return count;
    }

    /** @return milliseconds */
    double quantile(double share) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return count == 0 ? Double.NaN : sorted[Math.min(count - 1, (int) (count * share))] / 1e6;
    }
}
