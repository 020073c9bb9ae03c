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
        @Nullable @Schema(nullable = true) UUID id,
        String name,
        String path,
        @Nullable @Schema(nullable = true) UUID parentId,
        int tier,

        @Schema(
                implementation = String.class,
                enumeration = {"created", "skipped", "updated", "removed", "not_spawned"})
        Action action,

        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Boolean skipped,

        @Nullable @JsonRawValue
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(implementation = Object.class, type = SchemaType.OBJECT)
        String changes) {}
