package io.rollcall.events;

import io.rollcall.access.CurrentCaller;
import io.rollcall.access.Role;
import io.rollcall.events.EventStream.Piece;
import io.rollcall.http.Line;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestMulti;
import org.jspecify.annotations.Nullable;

/** Live events ({@code /events}) as Server-Sent Events. */
@Path("/events")
@Tag(name = "events", description = "What happens, as it happens")
@RolesAllowed(Role.READ)
class EventResource {

    static final String LAST_EVENT_ID = "Last-Event-ID";

    private static final int RETRY_MILLIS = 2000;

    private static final Map<String, List<String>> HEADERS =
            Map.of(HttpHeaders.CONTENT_TYPE, List.of(MediaType.SERVER_SENT_EVENTS), "X-Accel-Buffering", List.of("no"));

    private final EventStreams streams;
    private final CurrentCaller caller;
    private final RoutingContext context;

    EventResource(EventStreams streams, CurrentCaller caller, RoutingContext context) {
        this.streams = streams;
        this.caller = caller;
        this.context = context;
    }

    /** The headers alone. Without it a HEAD would be a GET whose reply nobody sees, and which has no end. */
    @HEAD
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(hidden = true)
    public Response head() {
        Response.ResponseBuilder reply = Response.ok();
        HEADERS.forEach((name, values) -> reply.header(name, values.get(0)));
        return reply.build();
    }

    /** The pieces are written as they are: see {@link EventAccept}. */
    @GET
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(
            operationId = "streamEvents",
            summary = "What happens in the organisation, as it happens",
            description =
                    "Server-Sent Events; each one's data is an `Event`, its id that event's number. Nothing is left"
                            + " out and nothing told twice, also over a connection that broke, a restart and another replica:"
                            + " send the last id that you know. `ready` comes when all until now was told. Connect first, then"
                            + " read what there is, and no change is missed. Who was away for longer than events are kept is"
                            + " told `resync`. The platform's admin is told of all organisations. Heartbeats are no events.")
    @APIResponse(
            responseCode = "200",
            description = "A stream without end, with a comment at least every 15 seconds",
            content =
                    @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(implementation = Event.class)))
    @APIResponse(
            responseCode = "429",
            description = "`TOO_MANY_STREAMS_OF_ORGANISATION` on this replica; or as everywhere")
    @APIResponse(responseCode = "503", description = "`TOO_MANY_STREAMS` on this replica; or as everywhere")
    public Multi<byte[]> stream(
            @HeaderParam(LAST_EVENT_ID)
                    @Nullable @Parameter(
                            description = "Go on after this event. Wins over `after`",
                            schema = @Schema(implementation = String.class, pattern = EventNumber.FORM))
                    String lastEventId,
            @QueryParam("after")
                    @Nullable @Parameter(
                            description = "The same for who can set no header; absent: from now on",
                            schema = @Schema(implementation = String.class, pattern = EventNumber.FORM))
                    String after) {
        Long known = EventNumber.after(lastEventId, after);
        return RestMulti.fromUniResponse(
                streams.open(caller.get(), known, Line.cut(context.request())), this::pieces, stream -> HEADERS);
    }

    private Multi<byte[]> pieces(EventStream stream) {
        Multi<byte[]> opening = Multi.createFrom().item(opening());
        Multi<byte[]> rest = Multi.createBy()
                .repeating()
                .uni(stream::next)
                .until(Piece::isEnd)
                .map(EventResource::written);
        return Multi.createBy()
                .concatenating()
                .streams(opening, rest.onFailure().recoverWithCompletion())
                .onTermination()
                .invoke(stream::leave);
    }

    /** Those whom a stop sends away at once are not to come back at once. */
    private static byte[] opening() {
        int retry = ThreadLocalRandom.current().nextInt(RETRY_MILLIS / 2, RETRY_MILLIS * 3 / 2);
        return bytes("retry: " + retry + "\n: connected\n\n");
    }

    private static byte[] written(Piece piece) {
        if (piece.events().isEmpty()) {
            // Without data it is no event, but browsers keep the id: where nothing happens for long, it would be
            // forgotten.
            return bytes("id: " + piece.upTo() + "\n:\n\n");
        }
        var text = new StringBuilder(piece.events().size() * 512);
        for (Told told : piece.events()) {
            text.append("id: ")
                    .append(told.seq())
                    .append("\nevent: ")
                    .append(told.event())
                    .append("\ndata: ")
                    .append(told.json())
                    .append("\n\n");
        }
        return bytes(text.toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
