package io.rollcall.delegation;

import io.rollcall.http.Document;
import io.rollcall.http.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id of a delegation: chosen by its caller, 1 to 200 visible characters, unique in the organisation. */
final class DelegationId {

    static final int LONGEST = 200;

    /** For the API's document. */
    static final String PATTERN = "^[^\\s\\x00-\\x1f\\x7f-\\x9f]+$";

    private static final Pattern FORM =
            Pattern.compile("[^\\s\\x00-\\x1f\\x7f-\\x9f]{1," + LONGEST + "}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final String RULE = "must be 1 to " + LONGEST + " visible characters, none of them white space";

    private DelegationId() {}

    static @Nullable String read(Document document, String field) {
        String id = document.text(field, Integer.MAX_VALUE);
        if (id != null && !FORM.matcher(id).matches()) {
            document.fault(field, RULE);
            return null;
        }
        return id;
    }

    /** @throws Problem 404 when no row can have it */
    static String fromPath(String id) {
        if (!FORM.matcher(id).matches()) {
            throw Problem.notFound("delegation", id);
        }
        return id;
    }

    /** @throws Problem 400 when no row can have it */
    static String fromQuery(String parameter, String id) {
        if (!FORM.matcher(id).matches()) {
            throw Problem.malformed(parameter, RULE);
        }
        return id;
    }
}
