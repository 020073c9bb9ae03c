package io.rollcall.schema;

import static java.util.function.Predicate.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A released migration is in other people's databases, with its checksum: not even a comment of it changes. Each line of
 * released-migrations.txt is a release, a file and its SHA-256; a release adds its own (CONTRIBUTING.md).
 */
class ReleasedMigrationsTest {

    private static final Path RELEASED = Path.of("src/test/resources/released-migrations.txt");

    @Test
    void areAsTheyWere() throws Exception {
        for (String line : Files.readAllLines(RELEASED)) {
            String[] released = line.split(" ");
            Path file = ScratchDatabase.MIGRATIONS.resolve(released[1]);
            assertTrue(Files.exists(file), line);
            assertEquals(released[2], sha256(file), released[1] + " was released with " + released[0]);
        }
    }

    @Test
    void comeBeforeAllThatAreNot() throws IOException {
        List<String> released = Files.readAllLines(RELEASED).stream()
                .map(line -> line.split(" ")[1])
                .sorted()
                .toList();
        String last = released.get(released.size() - 1);
        try (var files = Files.list(ScratchDatabase.MIGRATIONS)) {
            List<String> early = files.map(file -> file.getFileName().toString())
                    .filter(not(released::contains))
                    .filter(name -> name.compareTo(last) < 0)
                    .toList();
            assertEquals(List.of(), early, "Flyway passes over what is older than what it has applied");
        }
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
