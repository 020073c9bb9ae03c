package io.rollcall.heartbeat;

import io.rollcall.http.Problem;
import io.rollcall.http.Texts;
import java.text.Normalizer;

/** The name of an agent within its workspace. */
final class AgentId {

    static final int LONGEST = 200;

    private AgentId() {}

    /** @throws Problem 400 when no agent can have it */
    static String fromPath(String text) {
        String fault = Texts.nameFault(text, LONGEST);
        if (fault != null) {
            throw Problem.malformed("agent_id", fault);
        }
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
