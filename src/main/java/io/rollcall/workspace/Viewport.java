package io.rollcall.workspace;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Where a canvas was left.
 *
 * @param zoom greater than 0; 1 is natural size
 */
@RegisterForReflection
@Schema(name = "Viewport", description = "What the canvas shows: an offset and how large")
record Viewport(
        double x,
        double y,

        @Schema(minimum = "0", exclusiveMinimum = true, description = "1 is natural size")
        double zoom) {

    static final Viewport START = new Viewport(0, 0, 1);

    private static final List<String> FIELDS = List.of("x", "y", "zoom");

    static Viewport read(byte[] body) {
        Document document = Document.parse(body);
        document.allowOnly(FIELDS);
        Double x = document.number("x");
        Double y = document.number("y");
        Double zoom = document.number("zoom");
        for (String field : FIELDS) {
            if (document.value(field) == null) {
                document.fault(field, "is required");
            }
        }
        if (zoom != null && zoom <= 0) {
            document.fault("zoom", "must be greater than 0");
        }
        document.violations().orElseThrow();
        return new Viewport(Objects.requireNonNull(x), Objects.requireNonNull(y), Objects.requireNonNull(zoom));
    }
}
