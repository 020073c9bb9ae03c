package io.rollcall.access;

import java.util.Locale;
import java.util.Set;

/** What a token of an organisation or workspace may do. */
enum TokenScope {
    /** All in its organisation, also to mint and revoke tokens and to read the audit trail. */
    ADMIN,
    /** To import into its organisation and to change its tree. */
    WRITE,
    /** To look at its organisation. */
    READ,
    /** To act as one workspace. */
    WORKSPACE;

    Set<String> roles() {
        return switch (this) {
            case ADMIN -> Set.of(Role.ADMIN, Role.WRITE, Role.READ);
            case WRITE -> Set.of(Role.WRITE, Role.READ);
            case READ -> Set.of(Role.READ);
            case WORKSPACE -> Set.of(Role.WORKSPACE);
        };
    }

    Token.Kind kind() {
        return this == WORKSPACE ? Token.Kind.WORKSPACE : Token.Kind.ORGANISATION;
    }

    /** As in the database and the API. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TokenScope of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
