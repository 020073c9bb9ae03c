package io.rollcall.access;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One mutation of the audit trail. Its seal is SHA-256 over the previous entry's 32 bytes and then the fields from {@code
 * id} to {@code detail} in the order below, each as its UTF-8 text behind its length in bytes (four bytes, big-endian; -1
 * for null): ids as PostgreSQL writes them, {@code at} in microseconds since 1970, {@code detail} as the text of its jsonb.
 * This form may never change: every chain that exists would look broken.
 */
@RegisterForReflection
@Schema(name = "AuditEntry")
record AuditEntry(
        @Schema(description = "Grows; a later id may have been committed earlier")
        long id,

        @Nullable @Schema(description = "Whose it is; null for what belongs to no organisation, which only the platform sees")
        UUID orgId,

        @Schema(description = "Whose token it was", examples = "platform admin")
        String actor,

        @Schema(examples = "workspace.removed") String action,

        @Schema(description = "The id of what was changed") String target,

        @Schema(description = "The `X-Request-Id` of the request that did it")
        String requestId,

        @Schema(description = "When its transaction began") OffsetDateTime at,

        @JsonRawValue @Schema(type = SchemaType.OBJECT, additionalProperties = Schema.True.class)
        String detail,

        @Nullable @Schema(description = "Its place in the organisation's chain, from 1; null until it is sealed, about a second")
        Long sequence,

        @Nullable @Schema(description = "The hash over it and every entry before it, in hex; null until it is sealed")
        String sha256) {

    /** What its hash is when it comes after the entry of this hash. */
    String sha256After(String previous) {
        MessageDigest digest = digest();
        digest.update(HexFormat.of().parseHex(previous));
        add(digest, Long.toString(id));
        add(digest, orgId == null ? null : orgId.toString());
        add(digest, actor);
        add(digest, action);
        add(digest, target);
        add(digest, requestId);
        add(digest, Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, at.toInstant())));
        add(digest, detail);
        return HexFormat.of().formatHex(digest.digest());
    }

    AuditEntry sealedAs(AuditHead place) {
        return new AuditEntry(
                id, orgId, actor, action, target, requestId, at, detail, place.sequence(), place.sha256());
    }

    private static void add(MessageDigest digest, @Nullable String text) {
        byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(text == null ? -1 : bytes.length)
                .array());
        digest.update(bytes);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
