package bench;

import java.util.Arrays;
import java.util.Collection;

/** The few statistics that the report needs. */
final class Numbers {

    private Numbers() {}

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length == 0
                ? Double.NaN
                : sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static double median(Collection<Double> values) {
        return median(array(values));
    }

    static double min(Collection<Double> values) {
        return Arrays.stream(array(values)).min().orElse(Double.NaN);
    }

    static double max(Collection<Double> values) {
        return Arrays.stream(array(values)).max().orElse(Double.NaN);
    }

    private static double[] array(Collection<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
