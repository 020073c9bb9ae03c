package io.rollcall.proof;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarFile;

/**
 * The major versions of PostgreSQL that the migrations are proven on, and where their binaries are: the product's own on the
 * class path, the others where the Maven profile {@code proof} puts them.
 */
public final class Majors {

    static final List<Integer> ALL = List.of(15, 16, 17, 18);

    /** The one that the service brings along. */
    public static final int OWN = 17;

    private static final Path BINARIES = Path.of("target", "proof-postgres");

    private Majors() {}

    /** All of them, or those of {@code -Dproof.majors=15,17}. None is left out in silence: one without binaries fails. */
    static List<Integer> asked() {
        String asked = System.getProperty("proof.majors", "");
        return asked.isBlank()
                ? ALL
                : Arrays.stream(asked.split(","))
                        .map(major -> Integer.parseInt(major.strip()))
                        .toList();
    }

    static boolean all() {
        return asked().equals(ALL);
    }

    /** The archive of a major's binaries for this machine, as the embedded server's library wants it. */
    static InputStream binaries(int major, String system, String architecture) throws IOException {
        String name = "postgres-" + system.toLowerCase(java.util.Locale.ROOT) + "-" + architecture + ".txz";
        if (major == OWN) {
            InputStream own = Majors.class.getResourceAsStream("/" + name);
            if (own != null) {
                return own;
            }
        }
        Path jar = BINARIES.resolve("postgres-" + major + ".jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException("There are no binaries of PostgreSQL " + major + ": " + jar
                    + " is missing. ./mvnw verify -Pproof fetches them from Maven Central. To prove less, say so: -Dproof.majors="
                    + OWN + " -Dproof.without." + major);
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            var entry = file.stream()
                    .filter(e -> e.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow(() -> new IOException(jar + " holds no archive"));
            return new java.io.ByteArrayInputStream(file.getInputStream(entry).readAllBytes());
        }
    }
}
