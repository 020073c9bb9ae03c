package io.rollcall.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/** The passwords of the embedded server's two roles, made once and kept beside the data. */
record Passwords(String superuser, String service) {

    static Passwords in(Path directory) throws IOException {
        Path file = directory.resolve("passwords");
        if (!Files.exists(file)) {
            Path fresh = directory.resolve("passwords.new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh);
            OwnerOnly.apply(fresh, "rw-------");
            Files.write(fresh, List.of(random(), random()));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        List<String> lines = Files.readAllLines(file);
        return new Passwords(lines.get(0), lines.get(1));
    }

    private static String random() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public String toString() {
        return "Passwords[hidden]";
    }
}
