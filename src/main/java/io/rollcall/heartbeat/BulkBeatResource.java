package io.rollcall.heartbeat;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.http.Json;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Beats of many, from gateways. */
@Path("/heartbeats")
@Tag(name = "heartbeats", description = "Who is alive")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.ADMIN, Role.WORKSPACE})
@Cancellable(false)
class BulkBeatResource {

    private final Heartbeats heartbeats;
    private final CurrentCaller caller;
    private final Json json;

    BulkBeatResource(Heartbeats heartbeats, CurrentCaller caller, Json json) {
        this.heartbeats = heartbeats;
        this.caller = caller;
        this.json = json;
    }

    @POST
    @Operation(
            operationId = "beatAll",
            summary = "Say that many agents are alive, and delegations worked on",
            description = "For gateways. Each element is judged by itself. " + BeatResource.DURABLE)
    @APIResponseSchema(value = HeartbeatReply.Bulk.class, responseDescription = "What was recorded")
    public Uni<HeartbeatReply.Bulk> beatAll(
            @RequestBody(content = @Content(schema = @Schema(implementation = HeartbeatBody.Bulk.class))) byte[] body) {
        var who = caller.get();
        return json.read(body, () -> BeatReader.bulk(who, body)).chain(heartbeats::bulk);
    }
}
