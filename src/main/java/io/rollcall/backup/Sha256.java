package io.rollcall.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** In hexadecimal digits. */
final class Sha256 {

    private final MessageDigest digest;

    Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String of(String text) {
        Sha256 sha256 = new Sha256();
        sha256.digest.update(text.getBytes(StandardCharsets.UTF_8));
        return sha256.end();
    }

    static String of(Path file) throws IOException {
        Sha256 sha256 = new Sha256();
        try (InputStream in = Files.newInputStream(file)) {
            in.transferTo(sha256.through(OutputStream.nullOutputStream()));
        }
        return sha256.end();
    }

    OutputStream through(OutputStream out) {
        return new DigestOutputStream(out, digest);
    }

    String end() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
