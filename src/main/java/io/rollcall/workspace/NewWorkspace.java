package io.rollcall.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.Labels;
import io.rollcall.http.Limits;
import io.rollcall.http.Texts;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /workspaces}. */
@RegisterForReflection
@Schema(name = "NewWorkspace", examples = "{\"name\": \"Backend\", \"role\": \"Owns the API\"}")
record NewWorkspace(
        @Schema(minLength = 1, maxLength = Limits.NAME, pattern = Texts.NAME)
        String name,

        @Nullable @Schema(maxLength = Limits.ROLE) String role,

        @Nullable @Schema(maxLength = Limits.WORD) String runtime,

        @Nullable @Schema(minimum = "0", maximum = "" + WorkspaceFields.HIGHEST_TIER, description = "Absent: 1")
        Integer tier,

        @Nullable @Schema(maxLength = Limits.WORD) String model,

        @Nullable @Schema(minimum = "1", maximum = "" + WorkspaceFields.MOST_TASKS, description = "Absent: 1")
        Integer maxConcurrentTasks,

        @Nullable @Schema(description = "Run elsewhere: it waits for its agent to come")
        Boolean external,

        @Nullable @Schema(
                maxLength = Limits.TEXT,
                format = "uri",
                pattern = WorkspaceFields.URL,
                description = "Absolute, http or https; kept and shown, never called")
        String url,

        @Nullable Double x,
        @Nullable Double y,

        @Nullable @Schema(
                type = SchemaType.OBJECT,
                propertyNames = Labels.Key.class,
                additionalProperties = Labels.Value.class,
                maxProperties = Labels.MOST)
        String labels,

        @Nullable @Schema(
                description =
                        "Below this workspace; absent: below the root of the token's organisation, or, for the platform's"
                                + " admin, a root, which is a new organisation")
        UUID parentId) {

    private static final Set<String> FIELDS = Set.of(
            "name",
            "role",
            "runtime",
            "tier",
            "model",
            "max_concurrent_tasks",
            "external",
            "url",
            "x",
            "y",
            "labels",
            "parent_id");

    /** @throws io.rollcall.http.Problem naming every bad field */
    static NewWorkspace read(byte[] body, Limits limits) {
        Document document = Document.parse(body);
        document.allowOnly(FIELDS);
        String name = document.name("name", limits.name());
        var fields = new WorkspaceFields(limits);
        var workspace = new NewWorkspace(
                Objects.requireNonNullElse(name, ""),
                document.text("role", limits.role()),
                document.text("runtime", limits.word()),
                fields.tier(document),
                document.text("model", limits.word()),
                fields.maxConcurrentTasks(document),
                document.bool("external"),
                fields.url(document),
                document.number("x"),
                document.number("y"),
                text(Labels.read(document, limits)),
                document.uuid("parent_id"));
        document.violations().orElseThrow();
        return workspace;
    }

    private static @Nullable String text(@Nullable JsonNode json) {
        return json == null ? null : json.toString();
    }
}
