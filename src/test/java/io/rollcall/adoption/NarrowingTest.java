package io.rollcall.adoption;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rollcall.schema.MigrationSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A migration that rows may be in the way of has a check in {@link OwnChecks#OF_MIGRATIONS}, or a line
 * {@code -- Preflight: none,} that says why none can be.
 */
class NarrowingTest {

    private static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");

    /** Before there was this rule. */
    private static final String LAST_WITHOUT = "20261124090800";

    @Test
    void eachMigrationThatNarrowsATableHasItsCheck() throws IOException {
        try (Stream<Path> files = Files.list(MIGRATIONS)) {
            List<String> unchecked = files.filter(file -> file.toString().endsWith(".sql"))
                    .filter(file -> version(file).compareTo(LAST_WITHOUT) > 0)
                    .filter(file -> !isChecked(version(file), read(file), OwnChecks.OF_MIGRATIONS))
                    .map(Path::toString)
                    .toList();

            assertEquals(List.of(), unchecked);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ALTER TABLE t ADD CONSTRAINT c CHECK (x > 0) NOT VALID               | false
            ALTER TABLE ONLY public.t2 ADD CHECK (x > 0)                         | false
            ALTER TABLE t ADD FOREIGN KEY (x) REFERENCES u                       | false
            ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i                  | false
            ALTER TABLE t VALIDATE CONSTRAINT c                                  | false
            ALTER TABLE "T" ALTER COLUMN x SET NOT NULL                          | false
            ALTER TABLE t ALTER x TYPE int                                       | false
            ALTER TABLE t ADD COLUMN x int NOT NULL                              | false
            ALTER TABLE t ADD COLUMN x int NOT NULL DEFAULT 0                    | true
            ALTER TABLE t ADD COLUMN x int                                       | true
            CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t (x)            | false
            CREATE INDEX i ON t (x)                                              | true
            CREATE TABLE u (x int); CREATE UNIQUE INDEX i ON u (x)               | true
            CREATE TABLE u (x int); CREATE UNIQUE INDEX i ON t (x)               | false
            CREATE TABLE u (x int); ALTER TABLE u ADD CHECK (x > 0)              | true
            -- Preflight: none, x is checked when it is written\\nALTER TABLE t ADD CHECK (x > 0) | true
            -- ALTER TABLE t ADD CHECK (x > 0)                                   | true
            """)
    void isFoundByItsText(String sql, boolean checked) {
        assertEquals(checked, isChecked("20270101000000", sql.replace("\\n", "\n"), Map.of()), sql);
    }

    @Test
    void aCheckOfItsVersionIsEnough() {
        var check = new Check("c", "t", "is not above 0", true, "SELECT 'x', 1");

        assertEquals(
                true,
                isChecked(
                        "20270101000000", "ALTER TABLE t ADD CHECK (x > 0)", Map.of("20270101000000", List.of(check))));
    }

    private static boolean isChecked(String version, String sql, Map<String, List<Check>> checks) {
        return !MigrationSql.of(sql).narrows()
                || !checks.getOrDefault(version, List.of()).isEmpty()
                || sql.lines().anyMatch(line -> line.startsWith("-- Preflight: none, "));
    }

    private static String version(Path file) {
        return file.getFileName().toString().substring(1, 15);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
