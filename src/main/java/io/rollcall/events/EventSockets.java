package io.rollcall.events;

import io.quarkus.security.AuthenticationFailedException;
import io.rollcall.access.Caller;
import io.rollcall.access.TokenCheck;
import io.rollcall.http.Line;
import io.rollcall.http.Problem;
import io.rollcall.http.RequestId;
import io.rollcall.http.RouterProblem;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;

/**
 * The same events as frames of a WebSocket ({@code /ws}), for canvases that speak it: one event a frame, as it is the data of
 * {@code GET /events}. The token is a header's, or a protocol's that is offered: {@link SocketProtocols}.
 */
@ApplicationScoped
class EventSockets {

    private static final String SCHEME = "bearer ";
    private static final String PROTOCOL = "Sec-WebSocket-Protocol";

    private final EventStreams streams;
    private final TokenCheck tokens;
    private final SocketOrigins origins;
    private final RouterProblem problems;

    EventSockets(EventStreams streams, TokenCheck tokens, SocketOrigins origins, RouterProblem problems) {
        this.streams = streams;
        this.tokens = tokens;
        this.origins = origins;
        this.problems = problems;
    }

    void register(@Observes Router router) {
        UpgradedRequest.prepare();
        router.get("/ws").handler(this::open);
    }

    private void open(RoutingContext context) {
        HttpServerRequest request = context.request();
        request.pause();
        Uni.createFrom()
                .deferred(() -> caller(context))
                .chain(caller ->
                        streams.open(caller, EventNumber.after(null, request.getParam("after")), Line.cut(request)))
                .subscribe()
                .with(stream -> upgrade(request, stream), failure -> refuse(context, failure));
    }

    /** Fails with whatever is wrong with the request. */
    private Uni<Caller> caller(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
            throw Problem.of(426, "UPGRADE_REQUIRED", "/ws is for WebSockets; the same over HTTP is at /events")
                    .header("Upgrade", "websocket");
        }
        String host = request.getHeader(HttpHeaders.HOST);
        if (!origins.mayOpen(request.getHeader(HttpHeaders.ORIGIN), host == null ? "" : host)) {
            throw Problem.of(403, "FORBIDDEN", "pages of this origin may not call the API (quarkus.http.cors.origins)");
        }
        SocketProtocols.check(request.getHeader(PROTOCOL));
        Optional<String> shown = shown(request);
        return shown.isEmpty()
                ? Uni.createFrom().failure(new AuthenticationFailedException())
                : tokens.caller(shown.get(), RequestId.of(context)).invoke(caller -> {
                    if (caller.workspace() != null) {
                        throw Problem.of(403, "FORBIDDEN", "this token may not do that");
                    }
                });
    }

    private static Optional<String> shown(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return SocketProtocols.token(request.getHeader(PROTOCOL));
        }
        return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(header.substring(SCHEME.length()).strip())
                : Optional.empty();
    }

    private static void upgrade(HttpServerRequest request, EventStream stream) {
        SocketProtocols.answered(request.getHeader(PROTOCOL))
                .ifPresent(protocol -> request.headers().set(PROTOCOL, protocol));
        request.toWebSocket()
                .onSuccess(socket -> {
                    ReadWhileWritten.install(request);
                    UpgradedRequest.isDone(request);
                    new EventSocket(socket, stream).tell();
                })
                .onFailure(broken -> stream.leave());
    }

    private void refuse(RoutingContext context, Throwable failure) {
        context.request().resume();
        problems.answer(context, failure);
    }
}
