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
        try {
            byte[] text = toString().getBytes(StandardCharsets.UTF_8);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
            long first = ByteBuffer.wrap(hash).getLong();
            return first == 0 ? 1 : first;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
