package io.rollcall.activity;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.access.Transactions;
import io.rollcall.http.Page;
import io.rollcall.http.Problem;
import io.rollcall.http.SerialCursor;
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
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What waits for a workspace's agent ({@code /workspaces/{id}/inbox}, {@code …/mail/summary}). */
@Path("/workspaces")
@Tag(name = "activity")
@Produces(MediaType.APPLICATION_JSON)
class InboxResource {

    private static final int LEAST_SECONDS = 60;
    private static final int USUAL_SECONDS = 21_600;
    private static final int MOST_SECONDS = 31_536_000;

    private final InboxRepository inboxes;
    private final MailRepository mail;
    private final Transactions transactions;
    private final CurrentCaller caller;

    InboxResource(InboxRepository inboxes, MailRepository mail, Transactions transactions, CurrentCaller caller) {
        this.inboxes = inboxes;
        this.mail = mail;
        this.transactions = transactions;
        this.caller = caller;
    }

    @GET
    @Path("/{id}/inbox")
    @RolesAllowed({Role.READ, Role.WORKSPACE})
    @Operation(
            operationId = "listInbox",
            summary = "The results of what a workspace delegated, in the order of their ends",
            description =
                    "One message for each delegation that ended, whoever ended it. An agent reads, does what is to be"
                            + " done, acknowledges the last `seq`, and reads again: nothing is missed, whatever happens in between."
                            + " No message ever appears behind one that could be read.")
    @APIResponse(
            responseCode = "200",
            description = "The messages after `after`",
            content = @Content(schema = @Schema(implementation = InboxPage.class)))
    @APIResponse(responseCode = "410", description = ActivityResource.REMOVED)
    public Uni<InboxPage> list(
            @PathParam("id")
                    @Parameter(description = ActivityResource.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @QueryParam("after")
                    @Nullable @Parameter(
                            description =
                                    "Only messages after this `seq`; absent: after `acked_seq`. With a `cursor` it"
                                            + " means nothing",
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "0",
                                            maximum = "" + Acknowledgement.MOST))
                    String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        UUID workspaceId = own(id);
        Long seq = after == null ? null : (Long) whole("after", after, 0, Acknowledgement.MOST);
        Long from = cursor == null ? seq : (Long) SerialCursor.decode(cursor).id();
        int size = Page.limit(limit);
        var who = caller.get();
        return transactions.read(who, connection -> inboxes.page(connection, who, workspaceId, from, size));
    }

    @POST
    @Path("/{id}/inbox/ack")
    @RolesAllowed({Role.WRITE, Role.WORKSPACE})
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "acknowledgeInbox",
            summary = "Say up to where the inbox has been dealt with",
            description = "Only ever forward: less than before changes nothing, and is answered with what stands.")
    @APIResponse(
            responseCode = "200",
            description = "How far it has been read now",
            content = @Content(schema = @Schema(implementation = Acknowledged.class)))
    @APIResponse(responseCode = "410", description = ActivityResource.REMOVED)
    @APIResponse(responseCode = "422", description = "Beyond `last_seq`: there is no such message yet")
    public Uni<Acknowledged> acknowledge(
            @PathParam("id")
                    @Parameter(description = ActivityResource.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @RequestBody(content = @Content(schema = @Schema(implementation = Acknowledgement.class))) byte[] body) {
        UUID workspaceId = own(id);
        long seq = Acknowledgement.read(body).ackedSeq();
        var who = caller.get();
        return transactions.run(who, connection -> inboxes.acknowledge(connection, who, workspaceId, seq));
    }

    @GET
    @Path("/{id}/mail/summary")
    @RolesAllowed({Role.READ, Role.WORKSPACE})
    @Operation(operationId = "getMailSummary", summary = "How much waits for a workspace, and for how much it waits")
    @APIResponse(
            responseCode = "200",
            description = "Counted at one moment",
            content = @Content(schema = @Schema(implementation = MailSummary.class)))
    @APIResponse(responseCode = "410", description = ActivityResource.REMOVED)
    public Uni<MailSummary> summary(
            @PathParam("id")
                    @Parameter(description = ActivityResource.ID, schema = @Schema(implementation = UUID.class))
                    String id,
            @QueryParam("overdue_after_seconds")
                    @Nullable @Parameter(
                            description = "After how long a delegation that is not answered is overdue",
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "" + LEAST_SECONDS,
                                            maximum = "" + MOST_SECONDS,
                                            defaultValue = "" + USUAL_SECONDS))
                    String overdueAfterSeconds) {
        UUID workspaceId = own(id);
        int seconds = overdueAfterSeconds == null
                ? USUAL_SECONDS
                : (int) whole("overdue_after_seconds", overdueAfterSeconds, LEAST_SECONDS, MOST_SECONDS);
        var who = caller.get();
        return transactions.read(who, connection -> mail.summary(connection, who, workspaceId, seconds));
    }

    /** @throws Problem 404 for what is not the caller's */
    private UUID own(String id) {
        return OwnWorkspace.fromPath(caller.get(), id);
    }

    private static long whole(String parameter, String text, long least, long most) {
        long number = text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
        if (number < least || number > most) {
            throw Problem.malformed(parameter, "must be a whole number from " + least + " to " + most);
        }
        return number;
    }
}
