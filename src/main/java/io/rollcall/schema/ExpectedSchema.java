package io.rollcall.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The schema that this binary migrates to, as it was written down when it was built: {@code db/expected-schema.txt}, which a
 * test compares with what the migrations make.
 *
 * @param migrations the versions of all migrations, ascending; at least one
 * @param fingerprint the lines of {@code rollcall schema fingerprint --lines}
 */
public record ExpectedSchema(List<String> migrations, List<String> fingerprint) {

    private static final String RESOURCE = "db/expected-schema.txt";
    private static final String MIGRATION = "migration ";

    /** A line of several lines, such as a function, goes on after this. */
    private static final String GOES_ON = "\n    ";

    /** Of this binary. */
    public static ExpectedSchema load() {
        try (InputStream resource =
                Objects.requireNonNull(ExpectedSchema.class.getClassLoader().getResourceAsStream(RESOURCE), RESOURCE)) {
            return parse(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The version of the newest migration. */
    public String version() {
        return migrations.get(migrations.size() - 1);
    }

    /**
     * Whether a release that expects this serves on a schema, or migrates it: what the gate decides at a start.
     *
     * @param version of the schema's newest migration
     * @param declared of the newest that said for which releases
     * @param minimum the oldest release that works with it
     */
    public boolean admits(String release, String version, String declared, String minimum) {
        return new SchemaVersion(version, declared, Release.of(minimum)).admits(Release.of(release), version());
    }

    static ExpectedSchema parse(String text) {
        List<String> lines = Arrays.stream(text.stripTrailing().split("\n(?! {4})"))
                .map(line -> line.replace(GOES_ON, "\n"))
                .toList();
        return new ExpectedSchema(
                lines.stream()
                        .filter(line -> line.startsWith(MIGRATION))
                        .map(line -> line.substring(MIGRATION.length()))
                        .toList(),
                lines.stream().filter(line -> !line.startsWith(MIGRATION)).toList());
    }

    /** What {@link #parse} reads. */
    public String text() {
        return Stream.concat(
                        migrations.stream().map(version -> MIGRATION + version),
                        fingerprint.stream().map(line -> line.replace("\n", GOES_ON)))
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
