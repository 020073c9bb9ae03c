package io.rollcall.access;

/** Who may do what, by annotation: an endpoint without one is refused to everybody. */
public final class Role {

    /** The platform admin: everything. */
    public static final String ADMIN = "admin";

    private Role() {}
}
