package io.rollcall.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether PostgreSQL's jsonb can hold a document: no NUL, whole characters, finite numbers. */
public final class Storable {

    private static final int MOST_PLACES = 900;

    private Storable() {}

    /** Null when it can. The nesting is bounded by the parser that made the document. */
    public static @Nullable String fault(JsonNode value) {
        if (value.isTextual()) {
            return Texts.fault(value.textValue(), Integer.MAX_VALUE);
        }
        if (value.isNumber() && (!Double.isFinite(value.doubleValue()) || outOfPlace(value))) {
            return "must not contain numbers beyond the range of a double, or with more than " + MOST_PLACES
                    + " decimals";
        }
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                String fault = Texts.fault(entry.getKey(), Integer.MAX_VALUE);
                if (fault == null) {
                    fault = fault(entry.getValue());
                }
                if (fault != null) {
                    return entry.getKey().length() > 100 ? fault : printable(entry.getKey()) + " " + fault;
                }
            }
        }
        if (value.isArray()) {
            for (JsonNode entry : value) {
                String fault = fault(entry);
                if (fault != null) {
                    return fault;
                }
            }
        }
        return null;
    }

    /**
     * A double of this would be 0, and of a zero it says nothing. PostgreSQL keeps every digit up to the 16,383rd, and gives it
     * back written out; of that Jackson reads 1,000.
     */
    private static boolean outOfPlace(JsonNode value) {
        return value.isBigDecimal() && Math.abs(value.decimalValue().scale()) > MOST_PLACES;
    }

    private static String printable(String key) {
        return key.replaceAll("\\p{C}", "?");
    }
}
