package io.rollcall.proof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The jars of releases, each built from its own commit by {@code proof/release}. */
final class Releases {

    private static final Path LIST = Path.of("proof", "releases.txt");

    private Releases() {}

    /** The newest one: the binary that an upgrade to this one comes from. */
    static String previous() throws IOException {
        List<String> releases = Files.readAllLines(LIST);
        return releases.get(releases.size() - 1).split(" ")[0];
    }

    /** Builds it when it is not there, which takes minutes. */
    static Path jar(String release) throws IOException, InterruptedException {
        var built = new ProcessBuilder("proof/release", release)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String jar = new String(built.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (built.waitFor() != 0) {
            throw new IllegalStateException("proof/release " + release + " failed");
        }
        return Path.of(jar);
    }
}
