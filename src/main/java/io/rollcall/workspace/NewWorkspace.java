package io.rollcall.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.Limits;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /workspaces}. */
@RegisterForReflection
@Schema(name = "NewWorkspace")
record NewWorkspace(
        @Schema(required = true, examples = "Backend") String name,
        @Nullable String role,
        @Nullable String runtime,
        @Nullable Integer tier,
        @Nullable String model,
        @Nullable Integer maxConcurrentTasks,
        @Nullable Boolean external,
        @Nullable String url,
        @Nullable Double x,
        @Nullable Double y,

        @Nullable @Schema(implementation = Object.class, type = SchemaType.OBJECT)
        String labels,

        @Nullable @Schema(description = "Absent: a new organisation")
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
                text(fields.labels(document)),
                document.uuid("parent_id"));
        document.violations().orElseThrow();
        return workspace;
    }

    private static @Nullable String text(@Nullable JsonNode json) {
        return json == null ? null : json.toString();
    }
}
