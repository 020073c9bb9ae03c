package io.rollcall.adoption;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows copied in the order of a key, {@value #ROWS} a transaction. Each transaction also says how far it came, so that a
 * copy that was cut off goes on where it was, and a row is copied once, whatever became of it since.
 *
 * @param source a SELECT without WHERE and ORDER BY
 * @param condition of the rows that are copied
 * @param keys the output columns that order it, with their types
 * @param insert common table expressions that read {@code part} and end with one named {@code copied}
 * @param around statements before and after it in the transaction; two, or none
 */
record BatchCopy(String name, String source, String condition, List<Key> keys, String insert, List<String> around) {

    static final int ROWS = 1000;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param column qualified, as the source knows it */
    record Key(String column, String name, String type) {}

    Step step() {
        return new Step(name, this::run);
    }

    private void run(Progress progress) throws SQLException {
        Database database = progress.database();
        while (true) {
            Optional<Journal.Entry> at = progress.journal().entry(name);
            if (at.isPresent() && at.get().done()) {
                return;
            }
            @Nullable String cursor = at.map(Journal.Entry::detail).orElse(null);
            long taken = database.together(() -> batch(progress, cursor));
            progress.passed().accept(name);
            long sum = at.map(Journal.Entry::rows).orElse(0L) + taken;
            progress.say(name + ": " + sum + " rows" + (taken < ROWS ? ", done" : ""));
        }
    }

    private long batch(Progress progress, @Nullable String cursor) throws SQLException {
        Database database = progress.database();
        database.execute("SET LOCAL lock_timeout = '5s'");
        if (!around.isEmpty()) {
            database.execute(around.get(0));
        }
        List<@Nullable String> row =
                database.rows(statement(cursor != null), values(cursor)).get(0);
        if (!around.isEmpty()) {
            database.execute(around.get(1));
        }
        long taken = Long.parseLong(Objects.requireNonNull(row.get(0)));
        progress.journal().write(name, taken == 0 ? cursor : row.get(1), taken, taken < ROWS);
        return taken;
    }

    private String statement(boolean further) {
        String columns = keys.stream().map(Key::column).collect(Collectors.joining(", "));
        String names = keys.stream().map(Key::name).collect(Collectors.joining(", "));
        String after = "";
        if (further) {
            after = " AND (" + columns + ") > ("
                    + keys.stream().map(key -> "?::" + key.type()).collect(Collectors.joining(", ")) + ")";
        }
        return "WITH part AS MATERIALIZED (" + source + " WHERE (" + condition + ")" + after + " ORDER BY " + columns
                + " LIMIT " + ROWS + "), "
                + insert + " SELECT (SELECT count(*) FROM part)::text, (SELECT jsonb_build_array("
                + keys.stream().map(key -> key.name() + "::text").collect(Collectors.joining(", "))
                + ")::text FROM part ORDER BY "
                + names.replace(", ", " DESC, ") + " DESC LIMIT 1), (SELECT count(*) FROM copied)::text";
    }

    private static Object[] values(@Nullable String cursor) {
        if (cursor == null) {
            return new Object[0];
        }
        try {
            var values = new ArrayList<Object>();
            for (JsonNode value : JSON.readTree(cursor)) {
                values.add(value.asText());
            }
            return values.toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
