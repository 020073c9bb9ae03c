package io.rollcall.activity;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The body of {@code POST /workspaces/{id}/inbox/ack}. */
@RegisterForReflection
@Schema(name = "Acknowledgement", examples = "{\"acked_seq\": 0}")
record Acknowledgement(
        @Schema(
                minimum = "0",
                maximum = "" + MOST,
                description = "The last message that is done with, and all before it; at most the inbox' `last_seq`")
        long ackedSeq) {

    /** What every client's number can hold, and no inbox reaches. */
    static final long MOST = 999_999_999_999_999L;

    /** @throws io.rollcall.http.Problem naming every bad field */
    static Acknowledgement read(byte[] body) {
        Document document = Document.parse(body);
        document.allowOnly(Set.of("acked_seq"));
        JsonNode seq = document.value("acked_seq");
        boolean inRange = seq != null
                && seq.isIntegralNumber()
                && seq.canConvertToLong()
                && seq.longValue() >= 0
                && seq.longValue() <= MOST;
        if (!inRange) {
            document.fault("acked_seq", "must be a whole number from 0 to " + MOST);
        }
        document.violations().orElseThrow();
        return new Acknowledgement(seq == null ? 0 : seq.longValue());
    }
}
