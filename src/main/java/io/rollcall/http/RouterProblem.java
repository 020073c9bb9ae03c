package io.rollcall.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.security.AuthenticationFailedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Answers with a problem where the framework is not asked: on the router itself. */
@ApplicationScoped
public class RouterProblem {

    private static final Logger LOG = Logger.getLogger(RouterProblem.class);

    private final ObjectMapper mapper;

    RouterProblem(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    public void answer(RoutingContext context, Throwable failure) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        Problem problem = problem(failure);
        response.setStatusCode(problem.status()).putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json");
        problem.headers().forEach(response::putHeader);
        try {
            response.end(mapper.writeValueAsString(
                    ProblemMappers.body(problem, context.request().path())));
        } catch (JsonProcessingException e) {
            context.fail(e);
        }
    }

    private static Problem problem(Throwable failure) {
        if (failure instanceof Problem known) {
            return known;
        }
        if (failure instanceof AuthenticationFailedException) {
            return ProblemMappers.unauthorized();
        }
        LOG.warnf("Answered 503: %s", failure.getMessage());
        return Problem.unavailable("the database cannot be reached or is busy; try again");
    }
}
