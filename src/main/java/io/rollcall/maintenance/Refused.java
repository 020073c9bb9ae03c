package io.rollcall.maintenance;

/** What was asked for cannot be done, and nothing of it was. The message says why and what to do. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Refused(String message) {
        super(message);
    }
}
