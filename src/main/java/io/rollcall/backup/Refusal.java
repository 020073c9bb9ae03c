package io.rollcall.backup;

/** What was asked for cannot be done, and nothing of this step was. The message says why and what to do. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public Refusal(String message) {
        super(message);
    }
}
