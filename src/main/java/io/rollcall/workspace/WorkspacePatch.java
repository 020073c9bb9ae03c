package io.rollcall.workspace;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.Limits;
import io.rollcall.http.Texts;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code PATCH /workspaces/{id}}: what is absent or null stays as it is. */
@RegisterForReflection
@Schema(
        name = "WorkspacePatch",
        examples = "{\"name\": \"Platform\", \"x\": 40, \"y\": 240}",
        description = "What is absent or null stays as it is; only `parent_id` must not be null")
record WorkspacePatch(
        @Nullable @Schema(minLength = 1, maxLength = Limits.NAME, pattern = Texts.NAME)
        String name,

        @Nullable @Schema(maxLength = Limits.ROLE) String role,

        @Nullable @Schema(minimum = "0", maximum = "" + WorkspaceFields.HIGHEST_TIER)
        Integer tier,

        @Nullable Double x,
        @Nullable Double y,
        @Nullable Boolean collapsed,

        @Nullable @Schema(description = "Moves it, with all below it, below this workspace of the same organisation")
        UUID parentId) {

    private static final Set<String> FIELDS = Set.of("name", "role", "tier", "x", "y", "collapsed", "parent_id");

    /** @throws io.rollcall.http.Problem naming every bad field */
    static WorkspacePatch read(byte[] body, Limits limits) {
        Document document = Document.parse(body);
        document.allowOnly(FIELDS);
        var patch = new WorkspacePatch(
                document.value("name") != null ? document.name("name", limits.name()) : null,
                document.text("role", limits.role()),
                new WorkspaceFields(limits).tier(document),
                document.number("x"),
                document.number("y"),
                document.bool("collapsed"),
                document.uuid("parent_id"));
        if (document.has("parent_id") && document.value("parent_id") == null) {
            document.fault("parent_id", "must be a workspace: a node cannot become an organisation of its own");
        }
        document.violations().orElseThrow();
        return patch;
    }
}
