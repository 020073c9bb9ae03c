package io.rollcall.settings;

import io.rollcall.http.Problem;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Under which a document is kept: 1 to 200 visible characters, unique in the workspace. */
final class SettingKey {

    private static final int LONGEST = 200;
    private static final Pattern RULED =
            Pattern.compile("[^\\s\\x00-\\x1f\\x7f-\\x9f]{1," + LONGEST + "}", Pattern.UNICODE_CHARACTER_CLASS);

    /** A parameter of the API's document. */
    @Schema(
            name = "SettingKey",
            type = SchemaType.STRING,
            minLength = 1,
            maxLength = LONGEST,
            pattern = "^[^\\s\\x00-\\x1f\\x7f-\\x9f]+$")
    interface Form {}

    private SettingKey() {}

    /** @throws Problem 400 when no document can have it */
    static String fromPath(String text) {
        if (!RULED.matcher(text).matches()) {
            throw Problem.malformed("key", "must be 1 to " + LONGEST + " visible characters, none of them white space");
        }
        return text;
    }
}
