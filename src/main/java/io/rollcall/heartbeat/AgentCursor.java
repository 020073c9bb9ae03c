package io.rollcall.heartbeat;

import io.rollcall.http.Ids;
import io.rollcall.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The place in a list of agents after which the next page begins: by workspace and name. Opaque to clients. */
record AgentCursor(UUID workspaceId, String agentId) {

    /** Before every agent. */
    static final AgentCursor FIRST = new AgentCursor(Ids.ZERO, "");

    private static final int ID = Ids.ZERO.toString().length();

    String encode() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((workspaceId + agentId).getBytes(StandardCharsets.UTF_8));
    }

    /** @throws Problem 400 when it is not a cursor that a reply gave */
    static AgentCursor decode(@Nullable String cursor) {
        if (cursor == null) {
            return FIRST;
        }
        AgentCursor read = parse(cursor);
        if (read == null || !read.encode().equals(cursor)) {
            throw Problem.malformed("cursor", "is not a next_cursor of an earlier page");
        }
        return read;
    }

    private static @Nullable AgentCursor parse(String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            UUID id = text.length() <= ID ? null : Ids.parse(text.substring(0, ID));
            return id == null || text.indexOf(0) >= 0 ? null : new AgentCursor(id, text.substring(ID));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }
}
