package io.rollcall.delegation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The older form of a list, without pages. */
@RegisterForReflection
@Schema(name = "AdminDelegations", description = "The older form of `GET /delegations`, without pages")
record AdminDelegations(
        List<Delegation> delegations,
        @Schema(description = "How many are in this reply") int count,
        @Schema(description = "What was asked for") String status,
        int limit) {}
