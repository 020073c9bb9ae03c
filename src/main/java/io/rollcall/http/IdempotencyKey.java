package io.rollcall.http;

import io.vertx.mutiny.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The key a client chose for one request, with the request's fingerprint: SHA-256 over query, media type and body.
 *
 * @param key null when the client sent none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record IdempotencyKey(
        String actor, String method, String path, @Nullable String key, byte[] fingerprint) {

    /** The request header. */
    public static final String HEADER = "Idempotency-Key";

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

    /** @throws Problem 400 when the key is not 1 to 255 visible ASCII characters */
    public static IdempotencyKey of(
            String actor, String method, String path, String query, String type, @Nullable String key, byte[] body) {
        if (key == null) {
            return new IdempotencyKey(actor, method, path, null, new byte[0]);
        }
        if (!FORM.matcher(key).matches()) {
            throw Problem.malformed(HEADER, "must be 1 to 255 visible ASCII characters");
        }
        return new IdempotencyKey(actor, method, path, key, sha256(query, type, body));
    }

    /** Whether the client sent one. */
    public boolean isPresent() {
        return key != null;
    }

    String lockName() {
        return String.join("\n", "rollcall idempotency", actor, method, path, key);
    }

    Tuple columns() {
        return Tuple.tuple().addString(actor).addString(method).addString(path).addString(key);
    }

    private static byte[] sha256(String query, String type, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((query + "\n" + type + "\n").getBytes(StandardCharsets.UTF_8));
            return digest.digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
