package io.rollcall.proof;

import io.rollcall.proof.LockTrace.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code docs/migration-locks.md}: the locks of all majors, statement by statement. Where majors differ, each has its own. */
final class LockPage {

    static final Path PAGE = Path.of("docs", "migration-locks.md");

    private static final String HEAD = """
            # What each migration locks

            Statement by statement, on tables that were there before the migration: the locks newly taken, held until the migration's
            commit. Traced on PostgreSQL 15, 16, 17 and 18 with %d rows a table; where they differ, each has its line. Compared by
            `./mvnw verify -Pproof`, made anew by `./mvnw verify -Pproof -Dit.test=LockTraceIT -Dupdate.locks=true`. How long
            each took: [migration-proof.md](migration-proof.md).
            """;

    private LockPage() {}

    static String render(Map<Integer, Map<String, List<Line>>> majors) {
        var page = new StringBuilder(HEAD.formatted(LockTrace.ROWS));
        Map<String, List<Line>> first = majors.values().iterator().next();
        first.forEach((file, lines) -> {
            page.append("\n## ").append(file).append("\n\n| | statement | locks |\n|---:|---|---|\n");
            for (int i = 0; i < lines.size(); i++) {
                Line line = lines.get(i);
                page.append("| %d | `%s` | %s |\n".formatted(line.number(), line.statement(), locks(majors, file, i)));
            }
        });
        return page.toString();
    }

    private static String locks(Map<Integer, Map<String, List<Line>>> majors, String file, int i) {
        var locks = new LinkedHashMap<Integer, String>();
        majors.forEach((major, files) -> locks.put(major, files.get(file).get(i).locks()));
        return new LinkedHashSet<>(locks.values()).size() == 1
                ? locks.values().iterator().next()
                : locks.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining("<br>"));
    }

    /** What the committed page says of one major, as {@link #render} would write that major alone. */
    static String of(int major) throws IOException {
        var page = new ArrayList<String>();
        for (String line : Files.readAllLines(PAGE)) {
            int cell = line.lastIndexOf("| ", line.length() - 3) + 2;
            if (line.matches("\\| \\d+ \\|.*<br>\\d+: .*")) {
                for (String own : line.substring(cell, line.length() - 2).split("<br>")) {
                    if (own.startsWith(major + ": ")) {
                        line = line.substring(0, cell) + own.substring(4) + " |";
                        break;
                    }
                }
            }
            page.add(line);
        }
        return String.join("\n", page) + "\n";
    }
}
