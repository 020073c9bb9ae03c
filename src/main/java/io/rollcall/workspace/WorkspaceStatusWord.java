package io.rollcall.workspace;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The words of {@link WorkspaceStatus} for the OpenAPI document; a test compares the two. */
@Schema(
        name = "WorkspaceStatus",
        type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.STRING,
        enumeration = {
            "provisioning", "online", "degraded", "offline", "awaiting_agent",
            "paused", "hibernating", "hibernated", "failed", "removed"
        })
interface WorkspaceStatusWord {}
