package io.rollcall;

/** The database's schema is one that this binary does not work with. The message names what was found and what is needed. */
public final class SchemaTooNew extends IllegalStateException {
    /** EX_PROTOCOL of sysexits.h; nothing else ends with it. */
    static final int EXIT_CODE = 76;

    private static final long serialVersionUID = 1L;

    public SchemaTooNew(String message) {
        super(message);
    }
}
