package io.rollcall.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rollcall.http.Document;
import io.rollcall.http.FieldPath;
import io.rollcall.http.Problem;
import io.rollcall.http.Storable;
import io.rollcall.http.Texts;
import io.rollcall.http.Violation;
import io.rollcall.http.Violations;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A document or a merge patch as it was sent: any JSON that the database can hold, with all digits of its numbers. */
final class SettingsBody {

    private static final ObjectWriter IN_FULL = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build()
            .writer();

    /** For the API's document. */
    @Schema(
            name = "SettingsDocument",
            description = "Any JSON",
            examples = "{\"theme\": \"dark\", \"limits\": {\"tasks\": 3}}")
    interface Form {}

    private final int maxDepth;
    private final Violations violations = new Violations();

    private SettingsBody(int maxDepth) {
        this.maxDepth = maxDepth;
    }

    /** @throws Problem naming every value that cannot be kept */
    static String read(byte[] body, SettingsLimits limits) {
        // Before it is read: written in full, a number can be fifty times as long as it was sent.
        if (body.length > limits.maxBytes()) {
            throw tooLarge("the body", (long) body.length, limits.maxBytes());
        }
        JsonNode document = Document.parseJson(body);
        if (document.isMissingNode()) {
            throw Problem.malformed("the body must be JSON, is empty", List.of());
        }
        var reading = new SettingsBody(limits.maxDepth());
        reading.check(document, FieldPath.ROOT, 0);
        reading.violations.orElseThrow();
        try {
            return IN_FULL.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param bytes null when they were too many for the table to say */
    static Problem tooLarge(String what, @Nullable Long bytes, int limit) {
        String found = bytes == null ? "" : ", has " + bytes;
        return Problem.invalid(List.of(new Violation(
                "", what + " must have at most " + limit + " bytes (rollcall.settings.max-bytes)" + found)));
    }

    private void check(JsonNode value, FieldPath path, int around) {
        if (value.isContainerNode() && around == maxDepth) {
            violations.add(
                    path, "must not be nested deeper than " + maxDepth + " levels (rollcall.settings.max-depth)");
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                check(value.get(i), path.index(i), around + 1);
            }
        } else if (value.isObject()) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                FieldPath at = path.field(field.getKey());
                String fault = Texts.fault(field.getKey(), Integer.MAX_VALUE);
                if (fault != null) {
                    violations.add(at, "the key " + fault);
                }
                check(field.getValue(), at, around + 1);
            }
        } else {
            String fault = Storable.fault(value);
            if (fault != null) {
                violations.add(path, fault);
            }
        }
    }
}
