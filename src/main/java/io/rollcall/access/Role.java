package io.rollcall.access;

/**
 * Who may do what, by annotation: an endpoint without one is refused to everybody. The platform's admin has all roles but
 * {@link #WORKSPACE}, in every organisation; tokens have those of their {@link TokenScope}, in their own.
 */
public final class Role {

    /** Hands out and takes back tokens, reads the audit trail. */
    public static final String ADMIN = "admin";

    /** Imports, creates, changes and removes. */
    public static final String WRITE = "write";

    /** Looks. */
    public static final String READ = "read";

    /** Acts as one workspace; which one, the endpoint asks {@link Caller#mayActAs}. */
    public static final String WORKSPACE = "workspace";

    private Role() {}
}
