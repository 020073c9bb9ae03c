package io.rollcall.heartbeat;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.delegation.DelegationBeats;
import io.rollcall.http.Document;
import io.rollcall.http.Json;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Beats of delegations. */
@Path("/delegations")
@Tag(name = "delegations", description = "Who asked whom to do what, and the truth about where it stands")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.ADMIN, Role.WORKSPACE})
@Cancellable(false)
class DelegationBeatResource {

    private final Heartbeats heartbeats;
    private final CurrentCaller caller;
    private final Json json;

    DelegationBeatResource(Heartbeats heartbeats, CurrentCaller caller, Json json) {
        this.heartbeats = heartbeats;
        this.caller = caller;
        this.json = json;
    }

    @POST
    @Path("/{id}/heartbeat")
    @Operation(
            operationId = "beatDelegation",
            summary = "Say that a delegation is being worked on",
            description = "Its callee's, or an admin's. " + BeatResource.DURABLE)
    @APIResponseSchema(value = HeartbeatReply.OfDelegation.class, responseDescription = "What a worker needs to know")
    public Uni<HeartbeatReply.OfDelegation> beatDelegation(
            @PathParam("id") @Parameter(description = "The delegation's id") String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = DelegationBeatBody.class))) byte[] body) {
        var who = caller.get();
        return json.read(body, () -> {
                    Document document = Document.parseLenient(body.length == 0 ? new byte[] {'{', '}'} : body);
                    var beat = DelegationBeats.Beat.read(who, id, document);
                    document.violations().orElseThrow();
                    return beat;
                })
                .chain(heartbeats::ofDelegation);
    }
}
