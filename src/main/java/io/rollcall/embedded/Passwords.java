package io.rollcall.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The passwords of the embedded server's roles, each made once and kept beside the data, a line each. A file of a release
 * that had fewer roles gets the lines that it lacks.
 */
record Passwords(String superuser, String serving, String owner) {

    private static final int ROLES = 3;

    static Passwords in(Path directory) throws IOException {
        Path file = directory.resolve("passwords");
        List<String> lines = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
        if (lines.size() < ROLES) {
            while (lines.size() < ROLES) {
                lines.add(random());
            }
            Path fresh = directory.resolve("passwords.new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh);
            OwnerOnly.apply(fresh, "rw-------");
            Files.write(fresh, lines);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return new Passwords(lines.get(0), lines.get(1), lines.get(2));
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
