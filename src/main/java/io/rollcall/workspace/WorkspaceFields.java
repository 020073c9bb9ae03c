package io.rollcall.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.http.Document;
import io.rollcall.http.Limits;
import io.rollcall.http.Texts;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The fields of a workspace that templates and requests write alike, read by the same rules. */
public record WorkspaceFields(Limits limits) {

    public static final int MOST_LABELS = 64;
    public static final int HIGHEST_TIER = 1000;
    public static final int MOST_TASKS = 100_000;

    /** How an accepted URL begins, for the API's document. */
    public static final String URL = "^https?://[^/?#]+";

    /** The key of a label, for the API's document. */
    @Schema(name = "LabelKey", type = SchemaType.STRING, maxLength = Limits.WORD)
    public interface LabelKey {}

    /** The value of a label, for the API's document. */
    @Schema(name = "LabelValue", type = SchemaType.STRING, maxLength = Limits.TEXT)
    public interface LabelValue {}

    public @Nullable Integer tier(Document document) {
        return document.integer("tier", 0, HIGHEST_TIER);
    }

    public @Nullable Integer maxConcurrentTasks(Document document) {
        return document.integer("max_concurrent_tasks", 1, MOST_TASKS);
    }

    /** An absolute http or https URL. It is stored and shown, never called from here. */
    public @Nullable String url(Document document) {
        String url = document.text("url", limits.text());
        if (url == null) {
            return null;
        }
        try {
            URI uri = URI.create(url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the violation.
        }
        document.fault("url", "must be an absolute http or https URL");
        return null;
    }

    /** Text to text; numbers and true/false, which YAML makes of unquoted values, are taken as the text they were. */
    public @Nullable JsonNode labels(Document document) {
        Document labels = document.object("labels");
        if (labels == null) {
            return null;
        }
        if (labels.json().size() > MOST_LABELS) {
            document.fault(
                    "labels",
                    "must have at most " + MOST_LABELS + " entries, has "
                            + labels.json().size());
            return null;
        }
        ObjectNode texts = JsonNodeFactory.instance.objectNode();
        labels.json().properties().forEach(label -> {
            String fault = Texts.fault(label.getKey(), limits.word());
            if (fault != null) {
                labels.fault(label.getKey(), "the key " + fault);
            } else if (!label.getValue().isValueNode() || label.getValue().isNull()) {
                labels.fault(label.getKey(), "must be text, is " + Document.kind(label.getValue()));
            } else {
                texts.put(label.getKey(), label.getValue().asText());
                String valueFault = Texts.fault(label.getValue().asText(), limits.text());
                if (valueFault != null) {
                    labels.fault(label.getKey(), valueFault);
                }
            }
        });
        return texts;
    }
}
