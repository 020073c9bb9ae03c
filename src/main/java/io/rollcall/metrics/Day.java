package io.rollcall.metrics;

import io.rollcall.http.Problem;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The days that metrics may be of, written as {@code 2027-01-31}. Whose midnight it is, whoever counts decides. */
final class Day {

    static final LocalDate FIRST = LocalDate.of(2000, 1, 1);
    static final LocalDate LAST = LocalDate.of(9999, 12, 31);

    private static final String PATTERN = "^[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}$";
    private static final Pattern FORM = Pattern.compile("[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}");

    /** A parameter of the API's document. */
    @Schema(name = "Day", type = SchemaType.STRING, format = "date", pattern = PATTERN, examples = "2027-01-31")
    interface Form {}

    private Day() {}

    /** @throws Problem 400 when it is no day from 2000 to 9999 */
    static LocalDate read(String parameter, String text) {
        LocalDate day = parse(text);
        if (day == null) {
            throw Problem.malformed(parameter, "must be a day from 2000-01-01 to 9999-12-31, such as 2027-01-31");
        }
        return day;
    }

    /** @throws Problem 400 when it is no day, or absent and there is nothing instead */
    static LocalDate fromQuery(String parameter, @Nullable String text, @Nullable LocalDate absent) {
        if (text != null) {
            return read(parameter, text);
        }
        if (absent == null) {
            throw Problem.malformed(parameter, "is required");
        }
        return absent;
    }

    /** Null when it is none. */
    static @Nullable LocalDate parse(String text) {
        try {
            return FORM.matcher(text).matches() ? LocalDate.parse(text) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
