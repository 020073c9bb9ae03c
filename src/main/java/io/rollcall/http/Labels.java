package io.rollcall.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The field {@code labels}: texts by texts, for people and their tools. The service gives them no meaning. */
public final class Labels {

    public static final int MOST = 64;

    /** The key of a label, for the API's document. */
    @Schema(name = "LabelKey", type = SchemaType.STRING, maxLength = Limits.WORD)
    public interface Key {}

    /** The value of a label, for the API's document. */
    @Schema(name = "LabelValue", type = SchemaType.STRING, maxLength = Limits.TEXT)
    public interface Value {}

    private Labels() {}

    /** Text to text; numbers and true/false, which YAML makes of unquoted values, are taken as the text they were. */
    public static @Nullable JsonNode read(Document document, Limits limits) {
        Document labels = document.object("labels");
        if (labels == null) {
            return null;
        }
        if (labels.json().size() > MOST) {
            document.fault(
                    "labels",
                    "must have at most " + MOST + " entries, has "
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
