package io.rollcall.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a proof run found, for {@code docs/migration-proof.md}: each check of each major leaves a file, and the page is made
 * anew from those of this commit. A run on some of the majors only leaves it below {@code target/}.
 */
final class Proof {

    private static final Path PAGE = Path.of("docs", "migration-proof.md");
    private static final Path PARTS = Path.of("target", "proof-results");

    private static final String HEAD = """
            # Proof of the migrations

            Made by `./mvnw verify -Pproof` on %s, commit `%s`, %d migrations, on a machine with %d processors. What each check does
            stands at the head of its class in `src/test/java/io/rollcall/proof/`; that it finds what it is for, in
            `PlantedFaultsIT`, which has a row as well. The locks, statement by statement: [migration-locks.md](migration-locks.md).

            | check | PostgreSQL | looked at | seconds | verdict |
            |---|---|---|---:|---|
            """;

    private Proof() {}

    /** What a check did: in words how much it looked at, and what it found. */
    record Result(String lookedAt, List<String> findings) {}

    @FunctionalInterface
    interface Check {
        Result run() throws Exception;
    }

    /** Runs it, keeps what it says, and fails with what it found. */
    static void of(String name, int major, Check check) throws Exception {
        long begin = System.nanoTime();
        Result result = check.run();
        say(name, major, begin, result);
        assertEquals("", String.join("\n", result.findings), name + " on PostgreSQL " + major);
    }

    /** Keeps what a check says that has made its own assertions. @param begin by {@link System#nanoTime} */
    static void say(String name, int major, long begin, Result result) {
        long seconds = (System.nanoTime() - begin) / 1_000_000_000;
        String verdict = result.findings.isEmpty() ? "holds" : "**" + result.findings.size() + " findings**";
        keep(name, major, "| %s | %d | %s | %d | %s |".formatted(name, major, result.lookedAt, seconds, verdict));
        System.out.printf("proof: %s on PostgreSQL %d: %s, %d s, %s%n", name, major, result.lookedAt, seconds, verdict);
    }

    /** Longest time of each migration on each major, beside the verdicts. */
    static void times(int major, Map<String, Long> millis) {
        var lines = new ArrayList<String>();
        millis.forEach((file, ms) -> lines.add(file + "\t" + ms));
        keep("times", major, String.join("\n", lines));
    }

    private static void keep(String name, int major, String text) {
        try {
            Path parts = PARTS.resolve(commit(Path.of("")).replaceAll("[^0-9a-z]+", "-"));
            Files.createDirectories(parts);
            Files.writeString(parts.resolve(name.replace(' ', '-') + "." + major), text);
            Path page = Majors.all() ? PAGE : Path.of("target", "proof-results", "migration-proof.md");
            Files.writeString(page, page(parts));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String page(Path parts) throws IOException {
        var page = new StringBuilder(HEAD.formatted(
                Instant.now().truncatedTo(ChronoUnit.MINUTES),
                commit(Path.of("")),
                Migrations.OURS.steps().size(),
                Runtime.getRuntime().availableProcessors()));
        var millis = new TreeMap<String, Map<Integer, String>>();
        for (Path part : sorted(parts)) {
            String text = Files.readString(part);
            int major = Integer.parseInt(part.toString().replaceAll(".*\\.", ""));
            if (!part.getFileName().toString().startsWith("times.")) {
                page.append(text).append('\n');
                continue;
            }
            text.lines().map(line -> line.split("\t")).forEach(pair -> millis.computeIfAbsent(
                            pair[0], file -> new LinkedHashMap<>())
                    .put(major, pair[1]));
        }
        page.append(
                "\n## How long each migration took\n\nIn milliseconds, on tables of some thousand rows, as last measured.\n\n");
        page.append("| migration | ")
                .append(String.join(
                        " | ", Majors.ALL.stream().map(String::valueOf).toList()));
        page.append(" |\n|---|").append("---:|".repeat(Majors.ALL.size())).append('\n');
        millis.forEach((file, times) -> {
            page.append("| `").append(file).append("` |");
            Majors.ALL.forEach(major ->
                    page.append(' ').append(times.getOrDefault(major, "")).append(" |"));
            page.append('\n');
        });
        return page.toString();
    }

    private static List<Path> sorted(Path parts) throws IOException {
        try (Stream<Path> files = Files.list(parts)) {
            return files.sorted().toList();
        }
    }

    /** What is proven: the commit, and whether there is more in the tree than that, but for the page that this writes. */
    static String commit(Path tree) throws IOException {
        String commit = git(tree, "rev-parse", "--short", "HEAD");
        if (commit.isEmpty()) {
            return "unknown";
        }
        boolean clean = git(tree, "status", "--porcelain", "--", ".", ":(exclude)" + PAGE)
                .isEmpty();
        return clean ? commit : commit + " + uncommitted changes";
    }

    private static String git(Path tree, String... args) throws IOException {
        var command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(args));
        var git = new ProcessBuilder(command)
                .directory(tree.toAbsolutePath().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(git.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
    }
}
