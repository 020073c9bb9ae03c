package io.rollcall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No log has a token in it that was handed out in this build. Quarkus runs plain tests after its own, so this looks at what
 * the whole suite left; alone it has nothing to look for.
 */
class SecretsTest {

    private static final Pattern OF_THE_FORM = Pattern.compile("[0-9a-f]{72}");

    @Test
    void noLogHasATokenInIt() throws IOException {
        Set<String> secrets = new HashSet<>(Secrets.issued());
        assumeTrue(!secrets.isEmpty(), "no test has handed out a token");
        secrets.add(TestDatabase.TOKEN);

        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("target"))) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                search(log, secrets, found);
            }
        }
        assertEquals(List.of(), found);
    }

    private static void search(Path log, Set<String> secrets, List<String> found) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(log, StandardCharsets.ISO_8859_1)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                boolean bad = line.contains(TestDatabase.TOKEN);
                var like = OF_THE_FORM.matcher(line);
                while (like.find() && !bad) {
                    bad = secrets.contains(like.group());
                }
                if (bad) {
                    found.add(log + ": " + line);
                }
            }
        }
    }
}
