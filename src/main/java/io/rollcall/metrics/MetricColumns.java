package io.rollcall.metrics;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The columns of {@link Counter} and {@link Average}, written out once for every way in which a statement lists them. */
final class MetricColumns {

    private static final Counter[] COUNTERS = Counter.values();
    private static final Average[] AVERAGES = Average.values();

    /** Less than this counts as 0: a share of what was stored before it was refused may be too small for a double. */
    private static final String LEAST = "1e-" + MetricValues.MOST_DECIMALS;

    private MetricColumns() {}

    /** Puts the lists in the place of their names in a statement. */
    static String in(String sql) {
        return sql.replace("$ROW", row())
                .replace("$COLUMNS", counters("%1$s") + ", " + averages("%1$s"))
                .replace("$VALUES", counters("($6::bigint[])[%2$d]") + ", " + averages("($8::float8[])[%2$d]"))
                .replace("$REPLACED", counters("%1$s = excluded.%1$s") + ", " + averages("%1$s = excluded.%1$s"))
                .replace("$ADDED", counters("%1$s = m.%1$s + ($6::bigint[])[%2$d]"))
                .replace("$SUMS", object(counters("'%1$s', COALESCE(sum(m.%1$s), 0)")))
                .replace("$MEANS", object(averages("'%1$s', avg(m.%1$s)")))
                .replace(
                        "$WEIGHTED",
                        object(averages("'%1$s', sum(CASE WHEN m.%1$s < " + LEAST + " THEN 0 ELSE m.%1$s END * m.%3$s)"
                                + " / nullif(sum(m.%3$s) FILTER (WHERE m.%1$s IS NOT NULL), 0)")));
    }

    /** The keys that the service knows win over those of the client's own, of which none can have such a name. */
    private static String row() {
        String known = counters("'%1$s', m.%1$s") + ", " + averages("'%1$s', m.%1$s");
        return "m.agent_id, m.date, m.section, m.created_at, m.updated_at, (m.data || jsonb_build_object(" + known
                + "))::text AS metrics";
    }

    private static String object(String members) {
        return "jsonb_build_object(" + members + ")::text";
    }

    private static String counters(String form) {
        return IntStream.range(0, COUNTERS.length)
                .mapToObj(i -> form.formatted(COUNTERS[i].key(), i + 1))
                .collect(Collectors.joining(", "));
    }

    private static String averages(String form) {
        return IntStream.range(0, AVERAGES.length)
                .mapToObj(i -> form.formatted(
                        AVERAGES[i].key(), i + 1, AVERAGES[i].weight().key()))
                .collect(Collectors.joining(", "));
    }
}
