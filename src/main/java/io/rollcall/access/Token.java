package io.rollcall.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A bearer token as its holder has it: {@code rc_<kind>_<id>_<secret><checksum>}, all hexadecimal. The kind's prefix lets
 * a scanner of leaked secrets recognise it, the checksum tells a mistyped one without a look into the database, and the
 * secret has 256 random bits, for which a plain SHA-256 is enough to keep.
 *
 * @param text all of it: shown once, never kept, never logged
 */
record Token(Kind kind, UUID id, String text) {

    /** What a token is for, by its prefix; none is the beginning of another. */
    enum Kind {
        PLATFORM("rc_admin"),
        ORGANISATION("rc_org"),
        WORKSPACE("rc_ws");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        /** What may be shown of a token again: all but secret and checksum. */
        String prefix(UUID id) {
            return prefix + "_" + id.toString().replace("-", "");
        }
    }

    private static final int SECRET_BYTES = 32;
    private static final Pattern FORM =
            Pattern.compile("(?<kind>rc_[a-z]{2,5})_(?<id>[0-9a-f]{32})_(?<secret>[0-9a-f]{64})(?<sum>[0-9a-f]{8})");
    private static final Pattern ID = Pattern.compile("(.{8})(.{4})(.{4})(.{4})(.{12})");

    static Token random(Kind kind, UUID id) {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        String body = kind.prefix(id) + "_" + HexFormat.of().formatHex(secret);
        return new Token(kind, id, body + checksum(body));
    }

    /** Null when it is none of ours, or mistyped. */
    static @Nullable Token parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches() || !checksum(text.substring(0, parts.start("sum"))).equals(parts.group("sum"))) {
            return null;
        }
        UUID id = UUID.fromString(ID.matcher(parts.group("id")).replaceFirst("$1-$2-$3-$4-$5"));
        for (Kind kind : Kind.values()) {
            if (kind.prefix.equals(parts.group("kind"))) {
                return new Token(kind, id, text);
            }
        }
        return null;
    }

    byte[] sha256() {
        return sha256(text);
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without the secret, since a debugger or a log may show it. */
    @Override
    public String toString() {
        return kind.prefix(id) + "_…";
    }

    private static String checksum(String body) {
        var crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
