package io.rollcall.events;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.rollcall.http.Problem;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the server accepts of sockets. A browser can set no header when it opens one, so its token comes as a protocol that
 * it offers, beside the one that is meant; one of those offered has to be answered, else the browser hangs up.
 *
 * @see EventSockets
 */
@ApplicationScoped
class SocketProtocols implements HttpServerOptionsCustomizer {

    private static final String OWN = "rollcall";
    private static final List<String> WITH_TOKEN = List.of("rollcall-auth.", "molecule-auth.");

    /** Clients have nothing to say but pings and the end. */
    private static final int LONGEST_FRAME = 4096;

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        // Any: EventSockets leaves but the one to be answered in the request.
        options.addWebSocketSubProtocol("*")
                // A frame of a few thousand bytes would unpack to millions, and compressed secrets can be guessed
                // (BREACH).
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(LONGEST_FRAME)
                .setMaxWebSocketMessageSize(LONGEST_FRAME);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        customizeHttpServer(options);
    }

    /** The token among the protocols that are offered. */
    static Optional<String> token(@Nullable String offered) {
        return all(offered)
                .flatMap(protocol -> WITH_TOKEN.stream()
                        .filter(protocol::startsWith)
                        .map(prefix -> protocol.substring(prefix.length())))
                .findFirst();
    }

    /** @throws Problem 400 when there would be none to answer but the token, which is not to be in a reply */
    static void check(@Nullable String offered) {
        if (token(offered).isPresent() && answered(offered).isEmpty()) {
            throw Problem.of(400, "BAD_REQUEST", "offer the protocol " + OWN + " beside the one with the token");
        }
    }

    /** The one to answer: our own, else the first that is no token; empty when there is none. */
    static Optional<String> answered(@Nullable String offered) {
        return all(offered).anyMatch(OWN::equals)
                ? Optional.of(OWN)
                : all(offered)
                        .filter(protocol -> WITH_TOKEN.stream().noneMatch(protocol::startsWith))
                        .findFirst();
    }

    private static Stream<String> all(@Nullable String offered) {
        return offered == null
                ? Stream.empty()
                : Stream.of(offered.split(",", -1)).map(String::strip).filter(protocol -> !protocol.isEmpty());
    }
}
