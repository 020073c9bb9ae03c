package io.rollcall.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.timeout.ReadTimeoutException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.DatabaseException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.net.SocketException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Turns every failure into a problem. What nobody foresaw is a 500 that says nothing of its cause; the cause is in the
 * log under the request's id.
 */
final class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    /** An {@code ON CONFLICT} without its unique index: a matter of the schema's state, which is watched and mended. */
    private static final String NO_ARBITER = "42P10";

    @ServerExceptionMapper
    Response problem(Problem problem, HttpServerRequest request) {
        return response(problem, request);
    }

    /** No such path, method or media type: what the framework refuses before our code is asked. */
    @ServerExceptionMapper
    Response framework(WebApplicationException failure, HttpServerRequest request) {
        // The framework says 404 when it cannot convert a query parameter, and has the reason as its cause.
        boolean unread = failure instanceof NotFoundException && failure.getCause() != null;
        int status = unread ? 400 : failure.getResponse().getStatus();
        Problem problem = Problem.of(status, code(status), frameworkDetail(status, request));
        failure.getResponse().getStringHeaders().forEach((name, values) -> {
            if (name.equalsIgnoreCase("Allow")) {
                problem.header(name, String.join(", ", values));
            }
        });
        if (status >= 500) {
            LOG.error("Unexpected failure", failure);
        }
        return response(problem, request);
    }

    @ServerExceptionMapper({UnauthorizedException.class, AuthenticationFailedException.class})
    Response unauthorized(SecurityException failure, HttpServerRequest request) {
        return response(unauthorized(), request);
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException failure, HttpServerRequest request) {
        return response(Problem.of(403, "FORBIDDEN", "this token may not do that"), request);
    }

    @ServerExceptionMapper
    Response unexpected(Throwable failure, HttpServerRequest request) {
        if (isUnavailable(failure)) {
            LOG.warnf("Answered 503: %s", failure.getMessage());
            return response(Problem.unavailable("the database cannot be reached or is busy; try again"), request);
        }
        if (failure instanceof DatabaseException refused && NO_ARBITER.equals(refused.getSqlState())) {
            LOG.errorf("Answered 503: %s", failure.getMessage());
            return response(
                    Problem.of(
                                    503,
                                    "SCHEMA_NOT_READY",
                                    "an index that this write relies on is missing or invalid; /q/health/ready says more")
                            .header("Retry-After", "60"),
                    request);
        }
        LOG.error("Unexpected failure", failure);
        return response(
                Problem.of(500, "INTERNAL_ERROR", "an unexpected failure; the log has it under the X-Request-Id"),
                request);
    }

    static Problem unauthorized() {
        return Problem.of(401, "UNAUTHORIZED", "send a valid token as Authorization: Bearer <token>")
                .header("WWW-Authenticate", "Bearer");
    }

    static ProblemBody body(Problem problem, String path) {
        return new ProblemBody(
                "about:blank",
                HttpResponseStatus.valueOf(problem.status()).reasonPhrase(),
                problem.status(),
                problem.detail(),
                path,
                problem.detail(),
                problem.code(),
                problem.violations(),
                Map.copyOf(problem.members()));
    }

    private static Response response(Problem problem, HttpServerRequest request) {
        var response = Response.status(problem.status())
                .type("application/problem+json")
                .entity(body(problem, request.path()));
        problem.headers().forEach(response::header);
        return response.build();
    }

    private static boolean isUnavailable(Throwable failure) {
        if (failure instanceof DatabaseException refused) {
            String state = String.valueOf(refused.getSqlState());
            // Connection lost, shutting down, too many connections, statement or lock time-out.
            return state.startsWith("08") || state.startsWith("57") || state.startsWith("53") || state.equals("55P03");
        }
        return failure instanceof SocketException
                || failure instanceof ReadTimeoutException
                || failure instanceof ClosedConnectionException
                || failure instanceof TimeoutException
                || String.valueOf(failure.getMessage()).contains("max wait queue size")
                || String.valueOf(failure.getMessage()).equals("Timeout");
    }

    private static String frameworkDetail(int status, HttpServerRequest request) {
        return switch (status) {
            case 400 -> "a parameter's value is of another type than it should be";
            case 404 -> "nothing is served at " + request.path();
            case 405 -> request.method() + " is not possible at " + request.path();
            case 406 -> "none of the media types in Accept can be produced";
            case 413 -> "the body is too large";
            case 415 -> "the body's Content-Type is not accepted here";
            default -> HttpResponseStatus.valueOf(status).reasonPhrase();
        };
    }

    private static String code(int status) {
        return HttpResponseStatus.valueOf(status)
                .reasonPhrase()
                .toUpperCase(Locale.ROOT)
                .replaceAll("[^A-Z]+", "_");
    }
}
