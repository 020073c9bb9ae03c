package io.rollcall.drift;

import io.rollcall.http.Document;
import io.rollcall.http.Problem;
import io.rollcall.http.Texts;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/** Which agent of a workspace: a name, as everywhere. */
final class AgentId {

    static final int LONGEST = 200;

    /** Of a workspace that has one agent. */
    static final String USUAL = "main";

    private static final String FIELD = "agent_id";

    private AgentId() {}

    /** Null when it is wrong, which the document then knows. */
    static @Nullable String read(Document document) {
        return document.value(FIELD) == null ? USUAL : document.name(FIELD, LONGEST);
    }

    /** @throws Problem 400 when no row can have it */
    static @Nullable String fromQuery(@Nullable String text) {
        return text == null ? null : name(FIELD, text, LONGEST);
    }

    /** @throws Problem 400 when it is no name */
    static String name(String parameter, String text, int limit) {
        String fault = Texts.nameFault(text, limit);
        if (fault != null) {
            throw Problem.malformed(parameter, fault);
        }
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
