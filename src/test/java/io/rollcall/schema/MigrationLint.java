package io.rollcall.schema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rules for migrations that a reader of the text can check; each fault is a file's name and what is wrong. */
final class MigrationLint {

    private static final Pattern NAME = Pattern.compile("V(20\\d\\d)(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])"
            + "([01]\\d|2[0-3])[0-5]\\d[0-5]\\d__[a-z][a-z0-9]*(_[a-z0-9]+)*\\.sql");
    private static final Pattern TABLE = Pattern.compile(
            "\\b(?:create|alter|drop)\\s+table\\s+(?:if\\s+(?:not\\s+)?exists\\s+)?(?:only\\s+)?([a-z_.]+)");
    private static final Pattern LOCAL_TIMEOUT = Pattern.compile("\\bset\\s+(?:local\\s+)?(\\w+_timeout)\\s*(?:=|to)");
    private static final Pattern STATEMENT = Pattern.compile(
            "\\b(create|alter|drop|update|delete|insert)\\s+(?!schema_version\\b|or\\s+replace\\s+function|function|trigger)");
    private static final Pattern COLUMNLESS = Pattern.compile("\\binsert\\s+into\\s+[a-z_.]+\\s+(values|select)\\b");
    private static final Pattern ADDED =
            Pattern.compile("\\badd\\s+constraint\\s+\\w+\\s+(?:check|foreign\\s+key)\\b[^;]*;", Pattern.DOTALL);
    private static final Pattern DOLLAR_BODY = Pattern.compile("\\$\\$.*?\\$\\$", Pattern.DOTALL);

    private static final String FIRST_THAT_DECLARES = "V20261122100001";
    private static final Pattern DECLARATION = Pattern.compile("update schema_version set version = '(\\d{14})', "
            + "phase = '(expanding|contracting)'(?:,\\s+min_compatible_binary = '[\\d.]+')?;\\s*(?:reset \\w+;\\s*)*$");
    private static final Pattern LOCK_TIMEOUT =
            Pattern.compile("\\bset\\s+(?:local\\s+)?lock_timeout\\s*(?:=|to)\\s*'?(\\d+)\\s*(ms|s|)\\b");
    private static final Pattern KEY_ADDED =
            Pattern.compile("\\badd\\s+(?:constraint\\s+\\w+\\s+)?(?:primary\\s+key|unique)\\b[^;]*;", Pattern.DOTALL);
    private static final Pattern STAR = Pattern.compile("\\b(select|returning)\\s+(\\w+\\.)?\\*");
    /** In SQL that a function puts together. */
    private static final Pattern PARAMETER_IN_TARGET = Pattern.compile(
            "\\bon\\s+conflict\\s*\\((?:(?!\\bdo\\s+(?:nothing|update)\\b).)*(\\$\\d|%[lis])", Pattern.DOTALL);

    private static final String ALONE = ".conf";
    private static final long LONGEST_LOCK_TIMEOUT_MILLIS = 1_000;

    private final List<String> faults = new ArrayList<>();

    private MigrationLint() {}

    static List<String> faults(Path migrations, Path rollbacks) throws IOException {
        var lint = new MigrationLint();
        Set<String> forward = names(migrations);
        Set<String> back = names(rollbacks);
        for (String name : forward) {
            if (name.endsWith(ALONE)) {
                String of = name.substring(0, name.length() - ALONE.length());
                lint.check(forward.contains(of), name, "is the settings of no migration");
                continue;
            }
            lint.migration(name, Files.readString(migrations.resolve(name)));
            lint.alone(name, Files.readString(migrations.resolve(name)), settings(migrations, name));
            lint.check(back.contains(name), name, "has no file of the same name under db/rollback");
        }
        for (String name : back) {
            lint.rollback(name, Files.readString(rollbacks.resolve(name)));
            lint.check(forward.contains(name), name, "is a rollback of no migration");
        }
        return lint.faults;
    }

    private void migration(String name, String text) {
        String sql = bare(text);
        check(NAME.matcher(name).matches(), name, "is not named V<yyyyMMddHHmmss>__<what>.sql");
        check(
                text.stripTrailing().endsWith("\n-- Rollback: see db/rollback/" + name),
                name,
                "does not end with -- Rollback: see db/rollback/" + name);
        timeouts(name, sql);
        Set<String> tables = tables(sql);
        check(tables.size() <= 1, name, "changes more than one table: " + tables);
        check(!STAR.matcher(sql).find(), name, "names no columns: SELECT * or RETURNING *");
        check(!COLUMNLESS.matcher(sql).find(), name, "inserts without naming the columns");
        check(!PARAMETER_IN_TARGET.matcher(sql).find(), name, "infers a conflict by what is no literal");
        check(
                !sql.matches("(?s).*\\b(grant|revoke)\\s.*"),
                name,
                "gives rights: those are lines of schema.ServingRights");
        check(
                !sql.matches("(?s).*(?<!concurrently\\s)\\bif\\s+not\\s+exists\\b.*"),
                name,
                "IF NOT EXISTS is content with another shape");
        String outside = DOLLAR_BODY.matcher(sql).replaceAll("");
        check(
                !outside.matches("(?s).*\\b(update\\s+(?!schema_version\\b)[a-z_.]+\\s+set|delete\\s+from)\\b.*"),
                name,
                "rewrites rows unbatched");
        if (NAME.matcher(name).matches() && name.compareTo(FIRST_THAT_DECLARES) > 0) {
            Matcher declaration = DECLARATION.matcher(sql.stripTrailing());
            check(
                    declaration.find() && name.startsWith("V" + declaration.group(1) + "__"),
                    name,
                    "does not end by saying in schema_version that it is its own version");
        }
        if (!sql.contains("create table")) {
            added(name, sql);
            check(
                    !sql.matches("(?s).*\\bcreate\\s+(unique\\s+)?index\\s+(?!concurrently).*"),
                    name,
                    "builds an index on an existing table without CONCURRENTLY");
        }
        concurrently(name, sql, outside);
    }

    private void rollback(String name, String text) {
        String sql = bare(text);
        check(text.startsWith("-- Undoes " + name + ". Lost: "), name, "rollback does not say what is lost");
        timeouts(name, sql);
        boolean drops = !text.contains("Lost: nothing") && sql.matches("(?s).*\\bdrop\\s+(table|column)\\b.*");
        int refusal = sql.indexOf("rollback refused");
        int drop = sql.indexOf("\ndrop ");
        check(!drops || (refusal >= 0 && refusal < drop), name, "rollback does not refuse before it drops");
        check(!sql.contains("cascade"), name, "rollback drops by CASCADE what it does not name");
    }

    private void timeouts(String name, String sql) {
        var set = new HashSet<String>();
        Matcher found = LOCAL_TIMEOUT.matcher(sql);
        while (found.find()) {
            set.add(found.group(1));
        }
        check(set.contains("lock_timeout"), name, "sets no lock_timeout");
        check(set.contains("statement_timeout"), name, "sets no statement_timeout");
        LOCK_TIMEOUT.matcher(sql).results().forEach(timeout -> {
            long value = Long.parseLong(timeout.group(1)) * (timeout.group(2).equals("s") ? 1_000 : 1);
            check(value > 0 && value <= LONGEST_LOCK_TIMEOUT_MILLIS, name, "waits for locks for more than a second");
        });
    }

    private void added(String name, String sql) {
        Matcher constraint = ADDED.matcher(sql);
        while (constraint.find()) {
            check(constraint.group().contains("not valid"), name, "adds a constraint without NOT VALID");
        }
        KEY_ADDED
                .matcher(sql)
                .results()
                .forEach(key -> check(key.group().contains("using index"), name, "adds a key without USING INDEX"));
    }

    private void concurrently(String name, String sql, String outside) {
        if (!sql.contains("concurrently")) {
            return;
        }
        check(sql.contains("indisvalid"), name, "builds concurrently without a guard on indisvalid");
        check(
                !sql.matches("(?s).*\\bcreate\\s+(unique\\s+)?index\\s+concurrently\\s+(?!if\\s+not\\s+exists\\b).*")
                        && !sql.matches("(?s).*\\bdrop\\s+index\\s+concurrently\\s+(?!if\\s+exists\\b).*"),
                name,
                "cannot be repeated after a crash that came before its line in the history: say IF (NOT) EXISTS");
        long others = STATEMENT
                .matcher(outside.replaceAll("\\b(create\\s+(unique\\s+)?|drop\\s+)index\\s+concurrently\\b", ""))
                .results()
                .count();
        check(others == 0, name, "does more than its concurrent build");
        check(!sql.contains("set local"), name, "SET LOCAL has no effect outside a transaction; use SET and RESET");
    }

    /** Flyway wants to be told, since a file that sets a time-out and builds concurrently is neither one thing nor the other. */
    private void alone(String name, String text, String settings) {
        String sql = bare(text);
        boolean needed = sql.contains("concurrently") || sql.matches("(?s).*\\bcommit\\b.*");
        boolean said = settings.strip().equals("executeInTransaction=false");
        check(!needed || said, name, "has no " + name + ALONE + " that says executeInTransaction=false");
        check(needed || settings.isEmpty(), name, "has settings that nothing in it needs");
    }

    private static String settings(Path migrations, String name) throws IOException {
        Path settings = migrations.resolve(name + ALONE);
        return Files.exists(settings) ? Files.readString(settings) : "";
    }

    private static Set<String> tables(String sql) {
        var tables = new TreeSet<String>();
        Matcher table = TABLE.matcher(sql);
        while (table.find()) {
            tables.add(table.group(1));
        }
        return tables;
    }

    private void check(boolean holds, String name, String fault) {
        if (!holds) {
            faults.add(name + ": " + fault);
        }
    }

    /** Without comments, in lower case. */
    private static String bare(String text) {
        return text.replaceAll("--[^\n]*", "").toLowerCase(Locale.ROOT);
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return new TreeSet<>(
                    files.map(file -> file.getFileName().toString()).toList());
        }
    }
}
