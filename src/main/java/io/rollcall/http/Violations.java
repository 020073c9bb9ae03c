package io.rollcall.http;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects what is wrong with a body, so that it is all said at once. At most {@value #MOST} are kept: a body that is
 * wrong in more places has one cause.
 */
public final class Violations {

    private static final int MOST = 1000;

    private final List<Violation> found = new ArrayList<>();
    private boolean malformed;
    private int total;

    /** A value that breaks a rule: 422. */
    public void add(FieldPath path, String message) {
        total++;
        if (!isFull()) {
            found.add(new Violation(path.toString(), message));
        }
    }

    /** A field that this API does not have: 400. */
    public void addUnknown(FieldPath path, String message) {
        malformed = true;
        add(path, message);
    }

    /** What is added from now on is counted only. */
    boolean isFull() {
        return found.size() == MOST;
    }

    public boolean isEmpty() {
        return total == 0;
    }

    /** @throws Problem with everything found, if anything was */
    public void orElseThrow() {
        if (total == 0) {
            return;
        }
        Problem problem = Problem.invalid(found);
        if (malformed) {
            problem = Problem.malformed(problem.detail(), found);
        }
        throw total > found.size() ? problem.with("violations_total", total) : problem;
    }
}
