package io.rollcall.metrics;

import io.rollcall.http.Problem;
import io.rollcall.http.Texts;
import io.rollcall.workspace.AgentId;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A part of the work: a name, or {@link #ALL_TOGETHER} for a row of its own that speaks of all. */
final class Section {

    static final String ALL_TOGETHER = "";

    /** In a question alone: the row of all together and those of each. */
    private static final String EACH = "*";

    private static final int LONGEST = 200;
    private static final String NAME = "section";

    /** A parameter of the API's document. */
    @Schema(name = "Section", type = SchemaType.STRING, minLength = 1, maxLength = LONGEST, pattern = Texts.NAME)
    interface Form {}

    private Section() {}

    /** @throws Problem 400 when no section can have the name */
    static String toWrite(@Nullable String text) {
        if (EACH.equals(text)) {
            throw Problem.malformed(NAME, "must not be *, which stands for all sections");
        }
        return text == null || text.isEmpty() ? ALL_TOGETHER : AgentId.name(NAME, text, LONGEST);
    }

    /** Null: all rows. */
    static @Nullable String toRead(@Nullable String text) {
        return EACH.equals(text) ? null : toWrite(text);
    }
}
