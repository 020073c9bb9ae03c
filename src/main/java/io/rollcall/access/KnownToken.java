package io.rollcall.access;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A live token as the database knew it.
 *
 * @param changedAt tells this state from a later one; null: as it was made
 * @param ends when it expires, in the time of {@link System#nanoTime}: the database said how long that is from now
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KnownToken(
        UUID id,
        UUID orgId,
        UUID workspaceId,
        String name,
        TokenScope scope,
        byte[] sha256,
        @Nullable OffsetDateTime changedAt,
        @Nullable Long ends) {

    private static final byte[] NOBODYS = new byte[32];

    /** Does the same work for a token that is not there, so that an answer's time says nothing about ids. */
    static boolean opens(@Nullable KnownToken known, Token shown) {
        boolean same = MessageDigest.isEqual(known == null ? NOBODYS : known.sha256, shown.sha256());
        return same && known != null && known.scope.kind() == shown.kind() && !known.isOver();
    }

    static @Nullable Long endsAfter(@Nullable Double seconds) {
        // Beyond a century the clock's nanoseconds would overflow.
        double most = Duration.ofDays(36_500).toSeconds();
        return seconds == null ? null : System.nanoTime() + (long) (Math.min(seconds, most) * 1e9);
    }

    boolean isOver() {
        return ends != null && ends - System.nanoTime() <= 0;
    }
}
