package io.rollcall.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The migrations of a directory and the files that undo them: whatever lies there, so that a later one is proven without
 * being mentioned anywhere.
 *
 * @param forward the directory that Flyway reads
 * @param back the directory of the rollbacks, of the same names
 */
public record Migrations(Path forward, Path back) {

    public static final Migrations OURS =
            new Migrations(Path.of("src/main/resources/db/migration"), Path.of("src/main/resources/db/rollback"));

    private static final Path PLANTED = Path.of("src/test/resources/proof");

    /** @param file its name, by which both of its files are found */
    public record Step(String version, String file) {}

    /** In the order in which they are applied. */
    public List<Step> steps() {
        try (Stream<Path> files = Files.list(forward)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("V") && name.endsWith(".sql"))
                    .sorted()
                    .map(name -> new Step(name.substring(1).split("__")[0], name))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Step last() {
        List<Step> steps = steps();
        return steps.get(steps.size() - 1);
    }

    String undo(Step step) {
        try {
            return Files.readString(back.resolve(step.file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ours in a directory of their own, and after them those of a fixture, which break a rule. */
    static Migrations planted(String fixture, Path directory) {
        var copy = new Migrations(directory.resolve("migration"), directory.resolve("rollback"));
        try {
            copy(OURS.forward, copy.forward);
            copy(OURS.back, copy.back);
            copy(PLANTED.resolve(fixture).resolve("migration"), copy.forward);
            copy(PLANTED.resolve(fixture).resolve("rollback"), copy.back);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return copy;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        if (!Files.exists(from)) {
            return;
        }
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
