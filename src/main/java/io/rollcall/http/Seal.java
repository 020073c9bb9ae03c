package io.rollcall.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a body readable only for who has a secret: AES-256-GCM under a key made of it, bound to the idempotency key, so
 * that a body moved to another row does not open. The secret has 256 random bits, so one hash makes the key.
 */
final class Seal {

    /** For what is no secret. */
    static final Seal NONE = new Seal(null);

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final @Nullable SecretKeySpec key;

    private Seal(@Nullable SecretKeySpec key) {
        this.key = key;
    }

    static Seal with(String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(("rollcall kept reply\n" + secret).getBytes(StandardCharsets.UTF_8));
            return new Seal(new SecretKeySpec(hash, "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The nonce, then what {@link #open} needs. */
    byte[] close(byte[] body, IdempotencyKey place) {
        if (key == null) {
            return body;
        }
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        byte[] sealed = run(Cipher.ENCRYPT_MODE, nonce, body, 0, place);
        return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
    }

    byte[] open(byte[] kept, IdempotencyKey place) {
        return key == null ? kept : run(Cipher.DECRYPT_MODE, kept, kept, NONCE_BYTES, place);
    }

    private byte[] run(int mode, byte[] nonce, byte[] input, int from, IdempotencyKey place) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce, 0, NONCE_BYTES));
            cipher.updateAAD(place.lockName().getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input, from, input.length - from);
        } catch (AEADBadTagException e) {
            throw Problem.of(
                    422,
                    "IDEMPOTENCY_KEY_REUSED",
                    "this Idempotency-Key was used with another token; use a new key for a new request");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
