package io.rollcall.delegation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.delegation.Claims.Claim;
import io.rollcall.http.Document;
import io.rollcall.http.Json;
import io.rollcall.workspace.OwnWorkspace;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A workspace takes its work ({@code /workspaces/{id}/delegations/claim}). A claim is cancelled with its request: what nobody waits for
 * nobody is given.
 */
@Path("/workspaces/{id}/delegations")
@Tag(name = "delegations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
class WorkspaceDelegationResource {

    private static final int MOST_CLAIMED = 100;
    private static final int LONGEST_WAIT_MS = 30_000;
    private static final int LONGEST_AGENT = 200;
    private static final Set<String> FIELDS = Set.of("limit", "wait_ms", "agent_id");

    private final DelegationLedger ledger;
    private final CurrentCaller caller;
    private final Json json;

    WorkspaceDelegationResource(DelegationLedger ledger, CurrentCaller caller, Json json) {
        this.ledger = ledger;
        this.caller = caller;
        this.json = json;
    }

    /** The body of a claim, for the API's document. */
    @RegisterForReflection
    @Schema(name = "DelegationClaim", examples = "{\"limit\": 10, \"wait_ms\": 30000}")
    record ClaimBody(
            @Nullable @Schema(minimum = "1", maximum = "" + MOST_CLAIMED, description = "How many at most; absent: 1")
            Integer limit,

            @Nullable @Schema(
                    minimum = "0",
                    maximum = "" + LONGEST_WAIT_MS,
                    description = "How long to wait when nothing is queued; absent: not at all")
            Integer waitMs,

            @Nullable @Schema(
                    minLength = 1,
                    maxLength = LONGEST_AGENT,
                    description = "Which of the workspace's agents asks; see reconcile")
            String agentId) {}

    /** What a claim took. */
    @RegisterForReflection
    @Schema(name = "ClaimedDelegations")
    record Claimed(
            @Schema(description = "With their tasks, oldest first; empty when none came")
            List<DelegationDetail> items) {}

    @POST
    @RolesAllowed({Role.ADMIN, Role.WORKSPACE})
    @Path("/claim")
    @Operation(
            operationId = "claimDelegations",
            summary = "Take what is queued for a workspace, oldest first",
            description = "Each is taken once, over all replicas, and is `dispatched` with a new `attempt`. Of what was"
                    + " taken but never arrived, `POST /delegations/reconcile` tells.")
    @APIResponseSchema(value = Claimed.class, responseDescription = "What was taken")
    @APIResponse(responseCode = "410", description = "`REMOVED`: the workspace")
    public Uni<Claimed> claim(
            @PathParam("id") @Parameter(description = "The callee's id", schema = @Schema(implementation = UUID.class))
                    String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = ClaimBody.class))) byte[] body) {
        var who = caller.get();
        UUID callee = OwnWorkspace.fromPath(who, id);
        return json.read(body, () -> Asking.read(body, callee, who.actor()))
                .chain(asking -> ledger.claim(who, asking.claim, asking.patience))
                .map(Claimed::new);
    }

    private record Asking(Claim claim, Duration patience) {

        static Asking read(byte[] body, UUID callee, String actor) {
            Document document = Document.parse(body.length == 0 ? new byte[] {'{', '}'} : body);
            document.allowOnly(FIELDS);
            int limit = Objects.requireNonNullElse(document.integer("limit", 1, MOST_CLAIMED), 1);
            int waitMs = Objects.requireNonNullElse(document.integer("wait_ms", 0, LONGEST_WAIT_MS), 0);
            String agentId = document.text("agent_id", LONGEST_AGENT);
            if (agentId != null && agentId.isEmpty()) {
                document.fault("agent_id", "must not be empty");
            }
            document.violations().orElseThrow();
            return new Asking(new Claim(callee, limit, agentId, actor), Duration.ofMillis(waitMs));
        }
    }
}
