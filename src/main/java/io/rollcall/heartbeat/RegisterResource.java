package io.rollcall.heartbeat;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Json;
import io.rollcall.http.Limits;
import io.rollcall.http.Problem;
import io.rollcall.http.Reply;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.Cancellable;
import org.jspecify.annotations.Nullable;

/** Registrations of agents. */
@Path("/registry")
@Tag(name = "heartbeats", description = "Who is alive")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Cancellable(false)
class RegisterResource {

    private final Registry registry;
    private final CurrentCaller caller;
    private final Limits limits;
    private final Json json;

    RegisterResource(Registry registry, CurrentCaller caller, Limits limits, Json json) {
        this.registry = registry;
        this.caller = caller;
        this.limits = limits;
        this.json = json;
    }

    private record Request(NewRegistration registration, IdempotencyKey key) {}

    @POST
    @Path("/register")
    @RolesAllowed({Role.ADMIN, Role.WORKSPACE})
    @Operation(
            operationId = "registerAgent",
            summary = "Say where an agent is",
            description =
                    "By an admin for the first time, which answers a token of the workspace; then by that token. It is"
                            + " a sign of life too. May be repeated; what is left out stays. With `Idempotency-Key` a reply that got"
                            + " lost can be had again.")
    @APIResponse(
            responseCode = "200",
            description = "Registered",
            content = @Content(schema = @Schema(implementation = Registered.class)))
    @APIResponse(
            responseCode = "409",
            description = "`TOO_MANY_AGENTS`: the workspace has 1,000 agents, which is the most")
    @APIResponse(responseCode = "410", description = "`REMOVED`: the workspace, with `removed_at`")
    public Uni<Response> register(
            @RequestBody(content = @Content(schema = @Schema(implementation = NewRegistration.class))) byte[] body,
            @HeaderParam(IdempotencyKey.HEADER) @Nullable String key) {
        var who = caller.get();
        String secret = caller.secret();
        return json.read(body, () -> {
                    NewRegistration wanted = NewRegistration.read(body, limits);
                    if (!who.mayActAs(wanted.id())) {
                        throw Problem.notFound("workspace", wanted.id());
                    }
                    return new Request(
                            wanted,
                            IdempotencyKey.of(
                                    who.actor(), "POST", "/registry/register", "", "application/json", key, body));
                })
                .chain(request -> registry.register(who, request.registration(), request.key(), secret))
                .map(Reply::toResponse);
    }
}
