package io.rollcall.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.MDC;

/**
 * What happens to every request before routing: it gets an id, and a body that is too large is refused unread, one that
 * does not come given up.
 */
@ApplicationScoped
class Edge {

    private static final int FIRST = 1000;
    private static final int DRAINED_AT_MOST = 8;
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:/+=-]{1,100}");

    private final ObjectMapper mapper;
    private final long bodyLimit;
    private final TimeLimits times;
    private final Vertx vertx;

    Edge(
            ObjectMapper mapper,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize bodyLimit,
            TimeLimits times,
            Vertx vertx) {
        this.mapper = mapper;
        this.bodyLimit = bodyLimit.asLongValue();
        this.times = times;
        this.vertx = vertx;
    }

    void register(@Observes Filters filters) {
        HeaderTimeout.install();
        filters.register(this::identify, FIRST);
        filters.register(this::limitBodyTime, FIRST - 1);
        filters.register(this::refuseTooLarge, FIRST - 2);
        filters.register(this::readChunked, FIRST - 3);
    }

    private void identify(RoutingContext context) {
        String sent = context.request().getHeader(RequestId.HEADER);
        String id = sent != null && REQUEST_ID.matcher(sent).matches()
                ? sent
                : UUID.randomUUID().toString();
        context.put(RequestId.KEY, id);
        context.response().putHeader(RequestId.HEADER, id);
        MDC.put("request_id", id);
        HeaderTimeout.headArrived(context);
        context.next();
    }

    private void limitBodyTime(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (announcedLength(context) > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            long timer = vertx.setTimer(times.bodyTimeout().toMillis(), late -> giveUp(context));
            request.end().onComplete(whole -> vertx.cancelTimer(timer));
        }
        context.next();
    }

    private void giveUp(RoutingContext context) {
        if (!context.response().headWritten()) {
            Duration limit = times.bodyTimeout();
            context.response().putHeader(HttpHeaders.CONNECTION, "close");
            answer(
                    context,
                    Problem.of(
                                    408,
                                    "REQUEST_TIMEOUT",
                                    "the body was not here within " + limit.toSeconds()
                                            + " seconds (rollcall.http.body-timeout); nothing was done")
                            .with("limit_ms", limit.toMillis()));
        }
        context.request().connection().close();
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
        answer(
                context,
                Problem.of(413, "BODY_TOO_LARGE", "the body is larger than the limit of " + bodyLimit + " bytes")
                        .with("limit", bodyLimit));
    }

    private void answer(RoutingContext context, Problem problem) {
        try {
            context.response()
                    .setStatusCode(problem.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                    .end(mapper.writeValueAsString(
                            ProblemMappers.body(problem, context.request().path())));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }
}
