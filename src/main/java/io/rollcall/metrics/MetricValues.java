package io.rollcall.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.http.Document;
import io.rollcall.http.Texts;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a body: of a day that they replace, or that they are added to. Null is as good as absent.
 *
 * @param counters those that it names
 * @param averages those that it names
 * @param others of keys that the service does not know, as JSON with all digits
 */
record MetricValues(Map<Counter, Long> counters, Map<Average, Double> averages, ObjectNode others) {

    static final int MOST_OTHERS = 100;
    static final int LONGEST_KEY = 100;

    /** More than a double has to say. */
    static final int MOST_DECIMALS = 30;

    /** Of which any share is still a number to a double. */
    private static final BigDecimal LEAST = BigDecimal.ONE.movePointLeft(MOST_DECIMALS);

    private static final BigDecimal MOST = BigDecimal.valueOf(Counter.MOST);
    private static final Map<String, Counter> COUNTERS =
            Arrays.stream(Counter.values()).collect(Collectors.toMap(Counter::key, Function.identity()));
    private static final Map<String, Average> AVERAGES =
            Arrays.stream(Average.values()).collect(Collectors.toMap(Average::key, Function.identity()));

    /**
     * Of the whole day.
     *
     * @throws io.rollcall.http.Problem naming every bad key
     */
    static MetricValues replacing(byte[] body) {
        return read(body, false);
    }

    /**
     * To be added.
     *
     * @throws io.rollcall.http.Problem naming every bad key, and every average: one cannot be added to
     */
    static MetricValues adding(byte[] body) {
        return read(body, true);
    }

    /** Whether a counter is to be lower than it was. */
    boolean takesAway() {
        return Arrays.stream(Counter.values()).anyMatch(this::takesFrom);
    }

    boolean takesFrom(Counter counter) {
        return counters.getOrDefault(counter, 0L) < 0;
    }

    /** In the order of the columns, 0 where absent. */
    Long[] allCounters() {
        return Arrays.stream(Counter.values())
                .map(counter -> counters.getOrDefault(counter, 0L))
                .toArray(Long[]::new);
    }

    /** In the order of the columns, null where absent. */
    @Nullable Double[] allAverages() {
        return Arrays.stream(Average.values()).map(averages::get).toArray(Double[]::new);
    }

    private static MetricValues read(byte[] body, boolean adding) {
        Document document = Document.parse(body);
        var counters = new EnumMap<Counter, Long>(Counter.class);
        var averages = new EnumMap<Average, Double>(Average.class);
        ObjectNode others = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : document.json().properties()) {
            String key = entry.getKey();
            JsonNode value = entry.getValue();
            Counter counter = COUNTERS.get(key);
            Average average = AVERAGES.get(key);
            if (value.isNull()) {
                continue;
            }
            if (average != null && adding) {
                document.fault(key, "is an average or a rate, to which nothing can be added: PUT it");
            } else if (!value.isNumber()) {
                document.fault(key, "must be a number, is " + Document.kind(value));
            } else if (counter != null) {
                counters.put(counter, whole(document, key, value, adding));
            } else if (average != null) {
                averages.put(average, within(document, key, value, average.most()));
            } else {
                other(document, key, value, others);
            }
        }
        if (others.size() > MOST_OTHERS) {
            document.violations()
                    .add(
                            document.path(),
                            "must have at most " + MOST_OTHERS + " keys of your own, has " + others.size());
        } else if (adding
                && document.violations().isEmpty()
                && document.json().properties().stream()
                        .allMatch(entry -> entry.getValue().isNull())) {
            document.violations().add(document.path(), "must name something to add");
        }
        document.violations().orElseThrow();
        return new MetricValues(counters, averages, others);
    }

    private static long whole(Document document, String key, JsonNode value, boolean adding) {
        long least = adding ? -Counter.MOST : 0;
        if (!value.isIntegralNumber()) {
            document.fault(key, "must be a whole number");
        } else if (!value.canConvertToLong() || value.longValue() < least || value.longValue() > Counter.MOST) {
            document.fault(key, "must be from " + least + " to " + Counter.MOST);
        } else {
            return value.longValue();
        }
        return 0;
    }

    private static double within(Document document, String key, JsonNode value, long most) {
        double number = value.doubleValue();
        if (!(number >= 0 && number <= most)) {
            document.fault(key, "must be from 0 to " + most);
        } else if (isTiny(value.decimalValue())) {
            document.fault(key, "must be 0, or at least 1e-" + MOST_DECIMALS);
        }
        return number;
    }

    /** Told by its places first, as the digits of 1e-999999 are not to be written out. */
    private static boolean isTiny(BigDecimal number) {
        return number.signum() != 0 && number.compareTo(LEAST) < 0;
    }

    private static void other(Document document, String key, JsonNode value, ObjectNode others) {
        String fault = Texts.nameFault(key, LONGEST_KEY);
        // The order of looks matters: the digits of 1e999999 are not to be had before it is known to be out of range.
        BigDecimal number = value.decimalValue();
        boolean small = number.precision() - (long) number.scale() <= MOST.precision();
        if (fault != null) {
            document.fault(key, "the key " + fault);
        } else if (number.scale() > MOST_DECIMALS) {
            document.fault(key, "must have at most " + MOST_DECIMALS + " decimals, has " + number.scale());
        } else if (!small || number.abs().compareTo(MOST) > 0) {
            document.fault(key, "must be from -" + Counter.MOST + " to " + Counter.MOST);
        } else {
            others.put(key, number);
        }
    }

    /** As text for the database, without exponents. */
    String othersText() {
        return others.properties().stream()
                .map(entry -> JsonNodeFactory.instance.textNode(entry.getKey()) + ":"
                        + entry.getValue().decimalValue().toPlainString())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
