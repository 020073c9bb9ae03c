package io.rollcall.activity;

import io.rollcall.http.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The types of activities: words that fit between commas. */
final class ActivityTypes {

    static final int LONGEST = 100;

    /** Of one type, for the API's document. */
    static final String ONE = "^[A-Za-z0-9_.:/-]{1,100}$";

    /** Of the parameter. */
    static final String LIST = "^[A-Za-z0-9_.:/-]{1,100}(,[A-Za-z0-9_.:/-]{1,100}){0,19}$";

    /** Of the rows that the ledger's triggers write, and nobody else. */
    static final String LEDGER = "delegation";

    private static final Pattern WORD = Pattern.compile(ONE);
    private static final Pattern WORDS = Pattern.compile(LIST);

    private ActivityTypes() {}

    static boolean isWord(String type) {
        return WORD.matcher(type).matches();
    }

    /**
     * @return null for all
     * @throws Problem 400 when it is not 1 to 20 types
     */
    static String @Nullable [] parse(@Nullable String types) {
        if (types == null) {
            return null;
        }
        if (!WORDS.matcher(types).matches()) {
            throw Problem.malformed(
                    "types",
                    "must be 1 to 20 types with commas between, each of at most " + LONGEST
                            + " letters, digits and . _ : / -");
        }
        return types.split(",");
    }
}
