package io.rollcall.workspace;

import io.rollcall.http.Document;
import io.rollcall.http.Problem;
import io.rollcall.http.Texts;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/** Which agent of a workspace: a name, as everywhere. */
public final class AgentId {

    public static final int LONGEST = 200;

    /** Of a workspace that has one agent, and of whoever does not say which it is. */
    public static final String MAIN = "main";

    /** Stands for all agents of a workspace where their watch is paused; nobody's name. */
    private static final String ALL = "*";

    private static final String FIELD = "agent_id";

    private AgentId() {}

    /** Absent: {@link #MAIN}. Null when it is wrong, which the document then knows. */
    public static @Nullable String read(Document document) {
        if (document.value(FIELD) == null) {
            return MAIN;
        }
        String agentId = document.name(FIELD, LONGEST);
        if (ALL.equals(agentId)) {
            document.fault(FIELD, "must not be *, which stands for all agents");
        }
        return agentId;
    }

    /** @throws Problem 400 when no agent can have it */
    public static String fromPath(String text) {
        return name(FIELD, text, LONGEST);
    }

    /** @throws Problem 400 when no agent can have it */
    public static @Nullable String fromQuery(@Nullable String text) {
        return text == null ? null : fromPath(text);
    }

    /** Whether it is none of them but all. */
    public static boolean isAll(String agentId) {
        return ALL.equals(agentId);
    }

    /** @throws Problem 400 when it is no name */
    public static String name(String parameter, String text, int limit) {
        String fault = Texts.nameFault(text, limit);
        if (fault != null) {
            throw Problem.malformed(parameter, fault);
        }
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
