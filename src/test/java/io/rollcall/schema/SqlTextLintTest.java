package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The SQL in our own code: columns are named, and what a conflict is inferred from has no parameter. */
class SqlTextLintTest {

    private static final Path SOURCES = Path.of("src/main/java");

    /** A later migration's column would appear in the previous release's rows. */
    private static final Pattern STAR = Pattern.compile("(?i)\\b(select|returning)\\s+(\\w+\\.)?\\*");

    /** With a parameter the expression is not the index's: 42P10 at run time, on the first import. */
    private static final Pattern PARAMETER_IN_TARGET =
            Pattern.compile("(?is)\\bon\\s+conflict\\s*\\((?:(?!\\bdo\\s+(?:nothing|update)\\b).)*\\$\\d");

    @Test
    void columnsAreAlwaysNamed() throws IOException {
        assertEquals(List.of(), matches(STAR));
    }

    @Test
    void aConflictTargetHasNoParameter() throws IOException {
        assertEquals(List.of(), matches(PARAMETER_IN_TARGET));
    }

    @Test
    void theRulesCatchWhatTheyAreFor() {
        for (String bad : List.of("SELECT * FROM x", "select w.* from w", "RETURNING *", "returning\n  *")) {
            assertTrue(STAR.matcher(bad).find(), bad);
        }
        assertFalse(STAR.matcher("SELECT count(*) FROM x").find());
        for (String bad : List.of(
                "ON CONFLICT (COALESCE(parent_id, $3), name) DO NOTHING",
                "on conflict (a)\n where status <> $1 do update set b = 1")) {
            assertTrue(PARAMETER_IN_TARGET.matcher(bad).find(), bad);
        }
        assertFalse(PARAMETER_IN_TARGET
                .matcher("VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = $2")
                .find());
    }

    private static List<String> matches(Pattern pattern) throws IOException {
        var found = new ArrayList<String>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                pattern.matcher(Files.readString(file)).results().forEach(hit -> found.add(file + ": " + hit.group()));
            }
        }
        return found;
    }
}
