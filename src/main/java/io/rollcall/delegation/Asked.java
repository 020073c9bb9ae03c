package io.rollcall.delegation;

import io.rollcall.access.Caller;
import io.rollcall.http.Ids;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A delegation that is to be made.
 *
 * @param delegationId the caller's, or one made here
 * @param acting the workspace for which alone its author may speak; null: for all of the organisation
 * @param payload SHA-256 over what was asked: the same id or key with another one is another delegation
 */
record Asked(
        String delegationId,
        NewDelegation what,
        @Nullable String retryOf,
        int retryCount,
        String actor,
        @Nullable UUID acting,
        String payload) {

    static Asked of(Caller caller, NewDelegation what, @Nullable String retryOf, int retryCount) {
        return new Asked(
                what.delegationId() == null ? Ids.next().toString() : what.delegationId(),
                what,
                retryOf,
                retryCount,
                caller.actor(),
                caller.workspace(),
                sha256(what, retryOf));
    }

    private static String sha256(NewDelegation what, @Nullable String retryOf) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Object part : new Object[] {
                what.callerId(),
                what.calleeId(),
                what.task(),
                said(what.deadlineSeconds()),
                said(what.parentDelegationId()),
                said(what.labels()),
                said(retryOf)
            }) {
                byte[] bytes = part.toString().getBytes(StandardCharsets.UTF_8);
                digest.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is absent is not the word null. */
    private static String said(@Nullable Object part) {
        return part == null ? "-" : "+" + part;
    }
}
