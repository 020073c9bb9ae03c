package io.rollcall.heartbeat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * What an agent says of itself. All of it at once: what it leaves out is not known from then on.
 *
 * @param status one of {@link AgentStatus}
 * @param errorRate from 0 to 1
 * @param detail any JSON
 */
record Said(
        @Nullable String status,
        @Nullable Double errorRate,
        @Nullable String sampleError,
        @Nullable Integer activeTasks,
        @Nullable String currentTask,
        @Nullable String loopId,
        @Nullable String detail) {

    private static final Said NOTHING = new Said(null, null, null, null, null, null, null);

    boolean isNothing() {
        return equals(NOTHING);
    }

    /** By which the database knows whether it has it already. Never 0, which stands for nothing. */
    long fingerprint() {
        MessageDigest digest = sha256();
        add(digest, status);
        add(digest, errorRate == null ? null : Double.toString(errorRate));
        add(digest, sampleError);
        add(digest, activeTasks == null ? null : Integer.toString(activeTasks));
        add(digest, currentTask);
        add(digest, loopId);
        add(digest, detail);
        long first = ByteBuffer.wrap(digest.digest()).getLong();
        return first == 0 ? 1 : first;
    }

    /** No text has the byte that ends one, which UTF-8 does not know; one that is absent has another before it. */
    private static void add(MessageDigest digest, @Nullable String text) {
        if (text == null) {
            digest.update((byte) 0xfe);
        } else {
            digest.update(text.getBytes(StandardCharsets.UTF_8));
        }
        digest.update((byte) 0xff);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
