package io.rollcall.organisation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One node in the reply to an import.
 *
 * @param id null when there is no row: not spawned, or a dry run that would create it
 * @param path the names from the organisation's root down
 * @param skipped true when the action is {@code skipped}, else absent: for older clients
 * @param changes per field what was and what is, when the action is {@code updated}
 */
@RegisterForReflection
@Schema(name = "ImportedWorkspace")
record ImportedWorkspace(
        @Nullable @Schema(description = "Null when there is no row: `not_spawned`, or a dry run that would create it")
        UUID id,

        String name,

        @Schema(description = "The names from the organisation's root down", examples = "Acme/Engineering/Backend")
        String path,

        @Nullable @Schema(description = "Null for a root, and when the parent has no row")
        UUID parentId,

        int tier,

        @Schema(
                implementation = String.class,
                enumeration = {"created", "skipped", "updated", "removed", "not_spawned"})
        Action action,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "True when `action` is `skipped`, else absent; for older clients")
        Boolean skipped,

        @Nullable @JsonRawValue
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(
                type = SchemaType.OBJECT,
                additionalProperties = Change.class,
                description = "The changed fields by name, when `action` is `updated`, else absent")
        String changes) {

    /** A changed field, as the database writes it. */
    @Schema(name = "Change")
    record Change(
            @Nullable @Schema(description = "The field's value before; null when it had none")
            Object from,

            @Schema(description = "The field's value now") Object to) {}
}
