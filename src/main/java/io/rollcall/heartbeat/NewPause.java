package io.rollcall.heartbeat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.Problem;
import java.math.BigInteger;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code PUT /workspaces/{id}/watchdog-pauses/{agent_id}}.
 *
 * @param note null when the minutes are those that were asked for
 */
record NewPause(int minutes, @Nullable String note) {

    private static final int LEAST = 1;
    private static final int MOST = 240;

    /** The body for the API's document. */
    @RegisterForReflection
    @Schema(name = "NewWatchdogPause", examples = "{\"minutes\": 30}")
    record Body(
            @Schema(description = "From now; less than 1 is taken for 1, more than 240 for 240, and the reply says so")
            int minutes) {}

    /** @throws Problem naming every bad field */
    static NewPause read(byte[] body) {
        Document document = Document.parse(body);
        document.allowOnly(Set.of("minutes"));
        JsonNode asked = document.value("minutes");
        if (asked == null) {
            document.fault("minutes", "is required");
        } else if (!asked.isIntegralNumber()) {
            document.fault("minutes", "must be a whole number, is " + Document.kind(asked));
        }
        document.violations().orElseThrow();
        return asked == null ? new NewPause(LEAST, null) : within(asked.bigIntegerValue());
    }

    private static NewPause within(BigInteger asked) {
        BigInteger least = BigInteger.valueOf(LEAST);
        BigInteger most = BigInteger.valueOf(MOST);
        int minutes = asked.max(least).min(most).intValue();
        if (asked.equals(BigInteger.valueOf(minutes))) {
            return new NewPause(minutes, null);
        }
        return new NewPause(
                minutes,
                asked.signum() <= 0
                        ? "minutes: a pause lasts at least " + LEAST
                        : "minutes: a pause lasts at most " + MOST);
    }
}
