package io.rollcall.drift;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Page;
import io.rollcall.http.PairCursor;
import io.rollcall.http.Texts;
import io.rollcall.workspace.AgentId;
import io.rollcall.workspace.OwnWorkspace;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Which skills agents have ({@code /workspaces/{id}/skill-pings}). */
@Path("/workspaces/{id}/skill-pings")
@Tag(name = "drift")
@Produces(MediaType.APPLICATION_JSON)
class SkillResource {

    private final SkillRepository repository;
    private final Transactions transactions;
    private final CurrentCaller caller;

    SkillResource(SkillRepository repository, Transactions transactions, CurrentCaller caller) {
        this.repository = repository;
        this.transactions = transactions;
        this.caller = caller;
    }

    @POST
    @RolesAllowed({Role.ADMIN, Role.WORKSPACE})
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "pingSkill",
            summary = "Report that an agent installed a skill just now",
            description = "Also when it had this commit before.")
    @APIResponse(
            responseCode = "200",
            description = "As it stands now",
            content = @Content(schema = @Schema(implementation = SkillInstall.class)))
    @APIResponse(responseCode = "410", description = BootstrapResource.REMOVED)
    public Uni<SkillInstall> ping(
            @PathParam("id")
                    @Parameter(description = BootstrapResource.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = SkillPing.class))) byte[] body) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        SkillPing ping = SkillPing.read(body);
        return transactions.run(who, connection -> repository
                .install(connection, who, workspaceId, ping)
                .chain(() -> repository.page(
                        connection, who, workspaceId, ping.agent(), ping.skill(), PairCursor.decode(null), 1))
                .map(page -> page.items().get(0)));
    }

    @GET
    @RolesAllowed({Role.READ, Role.WORKSPACE})
    @Operation(
            operationId = "listSkillPings",
            summary = "The skills of a workspace's agents, and where they have drifted")
    @APIResponse(
            responseCode = "200",
            description = "A page of the skills",
            content = @Content(schema = @Schema(implementation = SkillInstallPage.class)))
    @APIResponse(responseCode = "410", description = BootstrapResource.REMOVED)
    public Uni<SkillInstallPage> pings(
            @PathParam("id")
                    @Parameter(description = BootstrapResource.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @QueryParam("agent_id")
                    @Nullable @Parameter(
                            description = "Only of this agent",
                            schema =
                                    @Schema(
                                            implementation = String.class,
                                            minLength = 1,
                                            maxLength = AgentId.LONGEST,
                                            pattern = Texts.NAME))
                    String agentId,
            @QueryParam("skill")
                    @Nullable @Parameter(
                            description = "Only this skill",
                            schema =
                                    @Schema(
                                            implementation = String.class,
                                            minLength = 1,
                                            maxLength = SkillPing.LONGEST_SKILL,
                                            pattern = Texts.NAME))
                    String skill,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var who = caller.get();
        UUID workspaceId = OwnWorkspace.fromPath(who, id);
        String agent = AgentId.fromQuery(agentId);
        String wanted = skill == null ? null : AgentId.name("skill", skill, SkillPing.LONGEST_SKILL);
        PairCursor after = PairCursor.decode(cursor);
        int size = Page.limit(limit);
        return transactions
                .read(who, connection -> repository.page(connection, who, workspaceId, agent, wanted, after, size))
                .map(page -> new SkillInstallPage(page.items(), page.nextCursor()));
    }
}
