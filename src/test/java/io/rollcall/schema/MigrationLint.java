package io.rollcall.schema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
            "\\b(?:create|alter|drop) (?:unlogged )?table (?:if (?:not )?exists )?(?:only )?" + MigrationSql.NAME);
    private static final Pattern TIMEOUT =
            Pattern.compile("\\bset (?:local |session )?(\\w+_timeout) ?(?:=|to) ?'?([^';]*)");
    private static final Pattern AMOUNT = Pattern.compile("(\\d+) ?(us|ms|s|min|h|d|)");
    private static final Map<String, Double> MILLIS =
            Map.of("us", 0.001, "ms", 1.0, "", 1.0, "s", 1e3, "min", 60e3, "h", 3600e3, "d", 86400e3);
    private static final Pattern STATEMENT = Pattern.compile(
            "\\b(create|alter|drop|update|delete|insert)\\s+(?!schema_version\\b|or\\s+replace\\s+function|function|trigger)");
    private static final Pattern COLUMNLESS =
            Pattern.compile("\\binsert into " + MigrationSql.NAME + " (values|select)\\b");
    private static final Pattern ADDED =
            Pattern.compile("\\badd (?:constraint \\w+ )?(?:check|foreign key|exclude)\\b");
    private static final Pattern REWRITE =
            Pattern.compile("\\b(?:update (?:only )?(?!schema_version\\b|set\\b)" + MigrationSql.NAME
                    + " ?\\*?(?: (?:as )?\\w+)? set|delete from|merge into|(?<!before |after |or )truncate)\\b");
    private static final Pattern INDEX =
            Pattern.compile("\\bcreate (?:unique )?index (?!concurrently\\b).*?\\bon (?:only )?" + MigrationSql.NAME);

    private static final Pattern DROP = Pattern.compile("\\bdrop (?:table|column)\\b");

    /** What an older release may still ask for. */
    private static final Pattern TAKEN = Pattern.compile("\\bdrop (?!constraint\\b|default\\b|not null\\b|identity\\b|"
            + "expression\\b)|\\brename (?!constraint\\b)");

    private static final Pattern TAKEN_WHOLE = Pattern.compile(
            "\\bdrop (?:table|view|materialized view)\\b|" + "\\balter (?:view|materialized view) .*\\brename\\b");

    private static final String FIRST_THAT_DECLARES = "V20261122100001";
    private static final Pattern DECLARATION = Pattern.compile("update schema_version set version = '(\\d{14})', "
            + "phase = '(expanding|contracting)'(, min_compatible_binary = '[\\d.]+')?; ?(?:reset \\w+; ?)*$");
    private static final Pattern KEY_ADDED = Pattern.compile("\\badd (?:constraint \\w+ )?(?:primary key|unique)\\b");
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
            lint.migration(name, Files.readString(migrations.resolve(name)), forward.contains(name + ALONE));
            lint.alone(name, Files.readString(migrations.resolve(name)), settings(migrations, name));
            lint.check(back.contains(name), name, "has no file of the same name under db/rollback");
        }
        for (String name : back) {
            lint.rollback(name, Files.readString(rollbacks.resolve(name)));
            lint.check(forward.contains(name), name, "is a rollback of no migration");
        }
        return lint.faults;
    }

    private void migration(String name, String text, boolean alone) {
        MigrationSql migration = MigrationSql.of(text);
        String sql = migration.all();
        check(NAME.matcher(name).matches(), name, "is not named V<yyyyMMddHHmmss>__<what>.sql");
        check(
                text.stripTrailing().endsWith("\n-- Rollback: see db/rollback/" + name),
                name,
                "does not end with -- Rollback: see db/rollback/" + name);
        timeouts(name, sql, alone || sql.contains(" concurrently "));
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
        check(!REWRITE.matcher(migration.done()).find(), name, "rewrites rows unbatched");
        if (NAME.matcher(name).matches() && name.compareTo(FIRST_THAT_DECLARES) > 0) {
            declares(name, migration, alone);
        }
        added(name, migration);
        concurrently(name, sql, migration.outside());
    }

    private void declares(String name, MigrationSql migration, boolean alone) {
        Matcher declaration = DECLARATION.matcher(migration.all());
        boolean said = declaration.find();
        check(
                said && name.startsWith("V" + declaration.group(1) + "__"),
                name,
                "does not end by saying in schema_version that it is its own version");
        boolean contracts = said && declaration.group(2).equals("contracting");
        check(!contracts || declaration.group(3) != null, name, "contracts and does not say for which releases");
        check(
                !contracts || !alone,
                name,
                "contracts outside of a transaction: what older instances need is gone before they are asked for");
        boolean takes = migration.alterations().stream()
                        .anyMatch(alteration -> TAKEN.matcher(alteration).find())
                || migration.statements().stream()
                        .anyMatch(statement -> TAKEN_WHOLE.matcher(statement).find());
        check(
                contracts || !takes,
                name,
                "drops or renames what an older release may need, and does not say that it contracts");
    }

    private void rollback(String name, String text) {
        String sql = MigrationSql.of(text).all();
        check(text.startsWith("-- Undoes " + name + ". Lost: "), name, "rollback does not say what is lost");
        timeouts(name, sql, sql.contains(" concurrently "));
        boolean drops = !text.contains("Lost: nothing") && DROP.matcher(sql).find();
        int refusal = sql.indexOf("rollback refused");
        Matcher drop = DROP.matcher(sql);
        check(
                !drops || (refusal >= 0 && drop.find() && refusal < drop.start()),
                name,
                "rollback does not refuse before it drops");
        check(!sql.contains("cascade"), name, "rollback drops by CASCADE what it does not name");
    }

    private void timeouts(String name, String sql, boolean alone) {
        var set = new HashSet<String>();
        Matcher found = TIMEOUT.matcher(sql);
        while (found.find()) {
            set.add(found.group(1));
            double millis = millis(found.group(2).strip());
            if (found.group(1).equals("lock_timeout")) {
                check(
                        millis > 0 && millis <= LONGEST_LOCK_TIMEOUT_MILLIS,
                        name,
                        "waits for locks for more than a second");
            } else {
                check(millis > 0 || (millis == 0 && alone), name, "sets no end to its statements");
            }
        }
        check(set.contains("lock_timeout"), name, "sets no lock_timeout");
        check(set.contains("statement_timeout"), name, "sets no statement_timeout");
    }

    /** Below 0 for what is no time. */
    private static double millis(String text) {
        Matcher amount = AMOUNT.matcher(text);
        return amount.matches() ? Long.parseLong(amount.group(1)) * MILLIS.get(amount.group(2)) : -1;
    }

    private void added(String name, MigrationSql migration) {
        for (String alteration : migration.alterations()) {
            // Each to its end, or to the next that is added.
            for (String one : (alteration + ";").split("(?=\\badd )")) {
                check(
                        !ADDED.matcher(one).find() || one.contains("not valid"),
                        name,
                        "adds a constraint without NOT VALID");
                check(
                        !KEY_ADDED.matcher(one).find() || one.contains("using index"),
                        name,
                        "adds a key without USING INDEX");
            }
        }
        Set<String> created = migration.created();
        check(
                migration.statements().stream().allMatch(statement -> {
                    Matcher index = INDEX.matcher(statement);
                    return !index.find() || created.contains(index.group(1));
                }),
                name,
                "builds an index on an existing table without CONCURRENTLY");
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
        String sql = MigrationSql.of(text).all();
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

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return new TreeSet<>(
                    files.map(file -> file.getFileName().toString()).toList());
        }
    }
}
