package io.rollcall.activity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.Problem;
import io.rollcall.http.Storable;
import io.rollcall.http.Texts;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /workspaces/{id}/activity}: what an agent says of itself. */
@RegisterForReflection
@Schema(name = "NewActivity", examples = "{\"type\": \"note\", \"summary\": \"Began the review\"}")
record NewActivity(
        @Schema(
                pattern = ActivityTypes.ONE,
                description = "A word of your own, by which the log can be filtered; not `delegation`")
        String type,

        @Nullable @Schema(minLength = 1, maxLength = WORD, pattern = Texts.NAME)
        String method,

        @Nullable @Schema(description = "Another live workspace of the organisation, in whose log it shall stand as received")
        UUID targetId,

        @Nullable @Schema(
                minLength = 1,
                maxLength = ID,
                pattern = Texts.NAME,
                description = "What it is about; need not be in the ledger")
        String delegationId,

        @Nullable @Schema(minLength = 1, maxLength = WORD, pattern = Texts.NAME)
        String status,

        @Nullable @Schema(maxLength = SUMMARY) String summary,

        @Nullable @Schema(
                type = SchemaType.OBJECT,
                additionalProperties = Schema.True.class,
                description = "At most 65,536 bytes as JSON in UTF-8 without spaces, numbers in full")
        String detail,

        @Nullable @Schema(description = "The workspace of the path; 403 `SPOOFED_SOURCE` for any other")
        UUID sourceId) {

    private static final int WORD = 100;
    private static final int ID = 200;
    private static final int SUMMARY = 1000;
    private static final int DETAIL_BYTES = 65_536;

    private static final Set<String> FIELDS =
            Set.of("type", "method", "target_id", "delegation_id", "status", "summary", "detail", "source_id");

    /** As the database keeps it: {@code 1e300} has its 301 digits there, and is measured so. */
    private static final ObjectWriter IN_FULL = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build()
            .writer();

    /**
     * @param source the workspace that it is posted as
     * @throws Problem naming every bad field; 403 when it says that it comes from another workspace
     */
    static NewActivity read(byte[] body, UUID source) {
        Document document = Document.parse(body);
        document.allowOnly(FIELDS);
        var activity = new NewActivity(
                type(document),
                line(document, "method", WORD),
                target(document, source),
                line(document, "delegation_id", ID),
                line(document, "status", WORD),
                document.text("summary", SUMMARY),
                detail(document),
                document.uuid("source_id"));
        document.violations().orElseThrow();
        if (activity.sourceId() != null && !activity.sourceId().equals(source)) {
            throw Problem.of(
                    403,
                    "SPOOFED_SOURCE",
                    "source_id: must be the workspace that the activity is posted to, " + source + ", or absent");
        }
        return activity;
    }

    private static String type(Document document) {
        String type = document.text("type", ActivityTypes.LONGEST);
        if (document.value("type") == null) {
            document.fault("type", "is required");
        } else if (ActivityTypes.LEDGER.equals(type)) {
            document.fault("type", "is the ledger's own, which writes it with each change of a delegation");
        } else if (type != null && !ActivityTypes.isWord(type)) {
            document.fault("type", "must be of letters, digits and . _ : / -, and not empty");
        }
        return Objects.requireNonNullElse(type, "");
    }

    private static @Nullable String line(Document document, String key, int limit) {
        String text = document.text(key, limit);
        String fault = text == null ? null : Texts.nameFault(text, limit);
        if (fault != null) {
            document.fault(key, fault);
        }
        return text;
    }

    private static @Nullable UUID target(Document document, UUID source) {
        UUID target = document.uuid("target_id");
        if (source.equals(target)) {
            document.fault("target_id", "must be another workspace, or absent");
        }
        return target;
    }

    private static @Nullable String detail(Document document) {
        Document object = document.object("detail");
        if (object == null) {
            return null;
        }
        JsonNode detail = object.json();
        String fault = Storable.fault(detail);
        if (fault != null) {
            document.fault("detail", fault);
            return null;
        }
        String text = inFull(detail);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > DETAIL_BYTES) {
            document.fault("detail", "must have at most " + DETAIL_BYTES + " bytes, has " + bytes);
        }
        return text;
    }

    private static String inFull(JsonNode detail) {
        try {
            return IN_FULL.writeValueAsString(detail);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
