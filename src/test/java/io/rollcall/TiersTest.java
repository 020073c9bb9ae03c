package io.rollcall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the default run leaves out by name, for a service that Quarkus would build for nothing, is what a tag leaves out anyway. */
class TiersTest {

    private static final Pattern LEFT_OUT = Pattern.compile("<excluded.classes>%regex\\[(.*)]</excluded.classes>");
    private static final Pattern OWN_PROFILE_IN_FULL =
            Pattern.compile("(?s).*\n@Tag\\(\"full\"\\)\n.*\n@TestProfile\\(.*");

    @Test
    void whatIsLeftOutByNameAreTheFullTestsWithAProfileOfTheirOwn() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        Pattern leftOut = Pattern.compile(LEFT_OUT.matcher(pom)
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow());
        Set<String> byName = new TreeSet<>();
        Set<String> byTag = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
                if (leftOut.matcher(file.toString().replace(".java", ".class")).matches()) {
                    byName.add(file.getFileName().toString());
                }
                if (OWN_PROFILE_IN_FULL.matcher(Files.readString(file)).matches()) {
                    byTag.add(file.getFileName().toString());
                }
            }
        }
        assertEquals(byTag, byName);
    }
}
