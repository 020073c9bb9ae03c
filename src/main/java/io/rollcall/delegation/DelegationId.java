package io.rollcall.delegation;

import io.rollcall.http.Document;
import io.rollcall.http.Problem;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The id of a delegation: chosen by its caller, 1 to 200 visible characters, unique in the organisation. */
final class DelegationId {

    static final int LONGEST = 200;

    /** For the API's document. */
    static final String PATTERN = "^[^\\s\\x00-\\x1f\\x7f-\\x9f]+$";

    private static final Pattern RULED =
            Pattern.compile("[^\\s\\x00-\\x1f\\x7f-\\x9f]{1," + LONGEST + "}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final String RULE = "must be 1 to " + LONGEST + " visible characters, none of them white space";

    /** A parameter of the API's document. */
    @Schema(name = "DelegationId", type = SchemaType.STRING, minLength = 1, maxLength = LONGEST, pattern = PATTERN)
    interface Form {}

    private DelegationId() {}

    static @Nullable String read(Document document, String field) {
        String id = document.text(field, Integer.MAX_VALUE);
        if (id != null && !RULED.matcher(id).matches()) {
            document.fault(field, RULE);
            return null;
        }
        return id;
    }

    /** @throws Problem 404 when no row can have it */
    static String fromPath(String id) {
        if (!RULED.matcher(id).matches()) {
            throw Problem.notFound("delegation", id);
        }
        return id;
    }

    /** @throws Problem 400 when no row can have it */
    static String fromQuery(String parameter, String id) {
        if (!RULED.matcher(id).matches()) {
            throw Problem.malformed(parameter, RULE);
        }
        return id;
    }
}
