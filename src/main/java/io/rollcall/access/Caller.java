package io.rollcall.access;

/**
 * Who makes a request.
 *
 * @param actor the name under which history and audit know the caller; never a secret
 * @param requestId the request's id, as in the {@code X-Request-Id} header and the log
 */
public record Caller(String actor, String requestId) {}
