package io.rollcall.events;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event as text, made once for all who listen.
 *
 * @param orgId whose it is; null: the stream's own
 * @param json all of it, for the data of an SSE event and a frame of a socket alike: JSON, and so a single line
 */
record Told(long seq, @Nullable UUID orgId, String event, String json) {

    int length() {
        return json.length();
    }

    boolean isFor(@Nullable UUID organisation) {
        return organisation == null || organisation.equals(orgId);
    }
}
