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
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;

/** Agents' beats. Whoever hangs up has beaten all the same. */
@Path("/registry")
@Tag(name = "heartbeats", description = "Who is alive")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.ADMIN, Role.WORKSPACE})
@Cancellable(false)
class BeatResource {

    static final String DURABLE =
            "Answered when it is durable. Its time is the database's. Fields that are not known are ignored.";

    private final Heartbeats heartbeats;
    private final CurrentCaller caller;
    private final Json json;

    BeatResource(Heartbeats heartbeats, CurrentCaller caller, Json json) {
        this.heartbeats = heartbeats;
        this.caller = caller;
        this.json = json;
    }

    @POST
    @Path("/heartbeat")
    @Operation(operationId = "beat", summary = "Say that an agent is alive", description = DURABLE)
    @APIResponseSchema(value = HeartbeatReply.class, responseDescription = "What an agent needs to know")
    @APIResponse(
            responseCode = "409",
            description = "`TOO_MANY_AGENTS`: the workspace has 1,000 agents, which is the most")
    @APIResponse(responseCode = "410", description = "`REMOVED`: the workspace, with `removed_at`. It is never revived")
    public Uni<HeartbeatReply> beat(
            @RequestBody(content = @Content(schema = @Schema(implementation = HeartbeatBody.class))) byte[] body) {
        var who = caller.get();
        return json.read(body, () -> BeatReader.single(who, body)).chain(heartbeats::single);
    }
}
