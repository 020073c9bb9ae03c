package io.rollcall.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A refusal with everything its RFC 9457 body says. Thrown or failed with anywhere; {@link ProblemMappers} alone
 * writes it. Never carries a stack trace, an SQL text or a host path.
 */
public final class Problem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final transient List<Violation> violations;
    private final transient Map<String, Object> members = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    private Problem(int status, String code, String detail, List<Violation> violations) {
        super(detail, null, false, false);
        this.status = status;
        this.code = code;
        this.violations = List.copyOf(violations);
    }

    /**
     * @param status the HTTP status
     * @param code stable, SCREAMING_SNAKE, what programs switch on
     * @param detail what happened and what to do, for people
     */
    public static Problem of(int status, String code, String detail) {
        return new Problem(status, code, detail, List.of());
    }

    /** The request could be read but not accepted: 422 with every bad field at once. */
    public static Problem invalid(List<Violation> violations) {
        return new Problem(422, "VALIDATION_FAILED", summary(violations), violations);
    }

    /** The request could not be understood: 400, naming the fields where they are known. */
    public static Problem malformed(String detail, List<Violation> violations) {
        return new Problem(400, "BAD_REQUEST", detail, violations);
    }

    /** 400 for one field, parameter or header. */
    public static Problem malformed(String path, String message) {
        var violation = new Violation(path, message);
        return malformed(summary(List.of(violation)), List.of(violation));
    }

    /** 404. A foreign id answers exactly as an unknown one. */
    public static Problem notFound(String what, Object id) {
        return of(404, "NOT_FOUND", "no " + what + " " + id);
    }

    /** 503: nothing was done, the same request may be sent again after the given seconds. */
    public static Problem unavailable(String detail) {
        return of(503, "UNAVAILABLE", detail).header("Retry-After", "1");
    }

    /** Adds an extension member to the body. */
    public Problem with(String member, Object value) {
        members.put(member, value);
        return this;
    }

    /** Adds a response header. */
    public Problem header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public List<Violation> violations() {
        return violations;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    Map<String, Object> members() {
        return members;
    }

    Map<String, String> headers() {
        return headers;
    }

    private static String summary(List<Violation> violations) {
        Violation first = violations.get(0);
        String more = violations.size() == 1 ? "" : " (and " + (violations.size() - 1) + " more)";
        return first.path().isEmpty() ? first.message() + more : first.path() + ": " + first.message() + more;
    }

    @Override
    public synchronized @Nullable Throwable fillInStackTrace() {
        return this;
    }
}
