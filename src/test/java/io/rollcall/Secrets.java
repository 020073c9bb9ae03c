package io.rollcall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every token that a reply ever showed in this build. The database is searched for those of a test before its rows go, the
 * logs for all of them at the end, by way of a file, since test classes do not share memory.
 */
public final class Secrets {

    private static final Path ISSUED = Path.of("target", "secrets-issued.txt").toAbsolutePath();
    private static final Pattern TOKEN = Pattern.compile("rc_[a-z]+_[0-9a-f]{32}_([0-9a-f]{72})");
    private static final String TABLES = """
            SELECT string_agg(format('SELECT %L AS name, t::text AS row FROM %I t', relname, relname), ' UNION ALL ')
              FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            """;

    private static final List<String> SINCE_THE_LAST_LOOK = new ArrayList<>();

    private Secrets() {}

    static synchronized void note(byte[] body) {
        Matcher found = TOKEN.matcher(new String(body, StandardCharsets.ISO_8859_1));
        while (found.find()) {
            SINCE_THE_LAST_LOOK.add(found.group(1));
            try {
                Files.writeString(ISSUED, found.group(1) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The secret parts of the tokens. */
    static List<String> issued() throws IOException {
        return Files.exists(ISSUED) ? Files.readAllLines(ISSUED) : List.of();
    }

    /** No row of any table holds a token of the tests since the last look: neither as text nor as bytes. */
    static synchronized void assertNoneIn(Superuser database) {
        if (SINCE_THE_LAST_LOOK.isEmpty()) {
            return;
        }
        List<String> forms = new ArrayList<>();
        for (String secret : SINCE_THE_LAST_LOOK) {
            forms.add(secret);
            forms.add(java.util.HexFormat.of().formatHex(secret.getBytes(StandardCharsets.US_ASCII)));
        }
        SINCE_THE_LAST_LOOK.clear();
        assertEquals(
                List.of(),
                database.texts("SELECT DISTINCT rows.name FROM (" + database.text(TABLES) + ") AS rows, unnest('{"
                        + String.join(",", forms) + "}'::text[]) AS form WHERE position(form IN rows.row) > 0"),
                "tables with a token in them");
    }
}
