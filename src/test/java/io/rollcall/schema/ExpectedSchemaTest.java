package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Written anew with {@code -Dupdate.schema=true}. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ExpectedSchemaTest {

    private static final Path FILE = Path.of("src/main/resources/db/expected-schema.txt");

    @Test
    void whatTheBinaryExpectsIsWhatItsMigrationsMake() throws Exception {
        try (var database = new ScratchDatabase("scratch_expected")) {
            database.migrate("latest");
            String made = migrations() + database.command("schema", "fingerprint", "--lines");
            if (Boolean.getBoolean("update.schema")) {
                Files.writeString(FILE, made);
            }
            assertEquals(made, Files.readString(FILE), "run this test once with -Dupdate.schema=true");
            assertEquals(made, ExpectedSchema.parse(made).text());
        }
    }

    private static String migrations() throws IOException {
        try (Stream<Path> files = Files.list(ScratchDatabase.MIGRATIONS)) {
            return files.map(file -> file.getFileName().toString().substring(1).split("__")[0])
                    .sorted()
                    .map(version -> "migration " + version + "\n")
                    .collect(Collectors.joining());
        }
    }
}
