package io.rollcall.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.MDC;

/** What happens to every request before routing: it gets an id, and a body that is too large is refused unread. */
@ApplicationScoped
class Edge {

    private static final int FIRST = 1000;
    private static final int DRAINED_AT_MOST = 8;
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:/+=-]{1,100}");

    private final ObjectMapper mapper;
    private final long bodyLimit;

    Edge(ObjectMapper mapper, @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize bodyLimit) {
        this.mapper = mapper;
        this.bodyLimit = bodyLimit.asLongValue();
    }

    void register(@Observes Filters filters) {
        filters.register(this::identify, FIRST);
        filters.register(this::refuseTooLarge, FIRST - 1);
        filters.register(this::readChunked, FIRST - 2);
    }

    private void identify(RoutingContext context) {
        String sent = context.request().getHeader(RequestId.HEADER);
        String id = sent != null && REQUEST_ID.matcher(sent).matches()
                ? sent
                : UUID.randomUUID().toString();
        context.put(RequestId.KEY, id);
        context.response().putHeader(RequestId.HEADER, id);
        MDC.put("request_id", id);
        context.next();
    }

    /** The rest of a moderately large body is read and dropped: a client that is still sending would miss the reply. */
    private void refuseTooLarge(RoutingContext context) {
        long announced = announcedLength(context);
        if (announced <= bodyLimit) {
            context.next();
        } else if (announced > bodyLimit * DRAINED_AT_MOST) {
            context.response().putHeader(HttpHeaders.CONNECTION, "close");
            answerTooLarge(context);
        } else {
            context.request().handler(chunk -> {}).endHandler(end -> answerTooLarge(context));
            context.request().resume();
        }
    }

    /** A body of unknown length is read here, up to the limit: past it, the framework would answer without a word. */
    private void readChunked(RoutingContext context) {
        String encoding = context.request().getHeader(HttpHeaders.TRANSFER_ENCODING);
        if (encoding == null) {
            context.next();
            return;
        }
        Buffer body = Buffer.buffer();
        var refused = new AtomicBoolean();
        context.request().exceptionHandler(cutOff -> {}).handler(chunk -> {
            if (body.length() + chunk.length() <= bodyLimit) {
                body.appendBuffer(chunk);
            } else if (refused.compareAndSet(false, true)) {
                context.response().putHeader(HttpHeaders.CONNECTION, "close");
                answerTooLarge(context);
            }
        });
        context.request().endHandler(end -> {
            if (!refused.get()) {
                ((RoutingContextInternal) context).setBody(body);
                context.next();
            }
        });
        context.request().resume();
    }

    private static long announcedLength(RoutingContext context) {
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private void answerTooLarge(RoutingContext context) {
        Problem problem =
                Problem.of(413, "BODY_TOO_LARGE", "the body is larger than the limit of " + bodyLimit + " bytes");
        try {
            context.response()
                    .setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                    .end(mapper.writeValueAsString(ProblemMappers.body(
                            problem.with("limit", bodyLimit), context.request().path())));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }
}
