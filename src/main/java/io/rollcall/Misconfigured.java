package io.rollcall;

/** A setting with which the service cannot start. The message names it and what it must be; no stack trace helps. */
public final class Misconfigured extends IllegalStateException {
    /** EX_CONFIG of sysexits.h. */
    static final int EXIT_CODE = 78;

    private static final long serialVersionUID = 1L;

    public Misconfigured(String message) {
        super(message);
    }
}
