package io.rollcall.schema;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A migration as the rules read it.
 *
 * @param all without comments and quotes around names, in lower case, one space where there was white space
 * @param done the same without the bodies of functions, which define and do not do; those of DO do
 */
public record MigrationSql(String all, String done) {

    static final String NAME = "(?:public\\.)?([a-z_][a-z0-9_$]*)";

    private static final Pattern BODY = Pattern.compile("(\\bdo )?(\\$[a-z_]*\\$)(.*?)\\2", Pattern.DOTALL);
    private static final Pattern CREATED = Pattern.compile("\\bcreate (?:unlogged )?table (?:if not exists )?" + NAME);
    private static final Pattern NARROWED = Pattern.compile("\\badd (?:constraint \\w+ )?(?:check|foreign key|unique|"
            + "primary key|exclude)\\b|\\bset not null\\b|\\bvalidate constraint\\b|"
            + "\\balter (?:column )?\\w+ (?:set data )?type\\b|\\badd (?:column )?(?:if not exists )?\\w+ (?!.*\\bdefault\\b)[^,]*"
            + "\\bnot null\\b");
    private static final Pattern UNIQUE_INDEX =
            Pattern.compile("\\bcreate unique index .*?\\bon (?:only )?" + NAME, Pattern.DOTALL);
    private static final Pattern ALTERED = Pattern.compile("\\balter table (?:if exists )?(?:only )?" + NAME);

    public static MigrationSql of(String text) {
        String all = text.replaceAll("(?s)/\\*.*?\\*/", " ")
                .replaceAll("--[^\n]*", "")
                .replaceAll("\"([^\"\n]*)\"", "$1")
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\s+", " ")
                .strip();
        String done = BODY.matcher(all)
                .replaceAll(body -> body.group(1) == null ? "" : Matcher.quoteReplacement("; " + body.group(3)));
        return new MigrationSql(all, done);
    }

    /** Without any bodies. */
    String outside() {
        return BODY.matcher(all).replaceAll("");
    }

    /** The tables that it makes: nobody uses them yet. */
    Set<String> created() {
        return CREATED.matcher(done)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    List<String> statements() {
        return Arrays.stream(done.split(";")).map(String::strip).toList();
    }

    /** Those that change a table which was there before. */
    List<String> alterations() {
        Set<String> created = created();
        return statements().stream()
                .filter(statement -> {
                    Matcher altered = ALTERED.matcher(statement);
                    return altered.find() && !created.contains(altered.group(1));
                })
                .toList();
    }

    /** Whether rows that were there before may be in its way. */
    public boolean narrows() {
        Set<String> created = created();
        return alterations().stream()
                        .anyMatch(statement -> NARROWED.matcher(statement).find())
                || UNIQUE_INDEX
                        .matcher(done)
                        .results()
                        .map((MatchResult found) -> found.group(1))
                        .anyMatch(table -> !created.contains(table));
    }
}
