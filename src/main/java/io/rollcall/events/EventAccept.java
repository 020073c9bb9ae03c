package io.rollcall.events;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Lets {@code /events} be asked for by its own media type. A method that says it produces it would have the framework write
 * the events, one at a time, each with a write to the socket; {@link EventResource} writes what there is at once, and says
 * that it produces something else.
 */
@ApplicationScoped
class EventAccept {

    private static final String PATH = "/events";
    private static final String OWN = "text/event-stream";

    void register(@Observes Filters filters) {
        filters.register(EventAccept::accept, 100);
    }

    private static void accept(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (PATH.equals(request.path())) {
            String accepted = request.getHeader(HttpHeaders.ACCEPT);
            if (accepted != null && accepted.contains(OWN)) {
                request.headers().set(HttpHeaders.ACCEPT, "application/octet-stream");
            }
        }
        context.next();
    }
}
