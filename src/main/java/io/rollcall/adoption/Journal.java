package io.rollcall.adoption;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What of an adoption the catalog cannot say: that there is a backup, how far each table was copied, that it is over. */
final class Journal {

    static final String SCHEMA = "rollcall_adoption";

    private static final String CREATE = """
            CREATE SCHEMA IF NOT EXISTS rollcall_adoption;
            CREATE TABLE IF NOT EXISTS rollcall_adoption.journal (
                system text NOT NULL,
                step   text NOT NULL,
                detail text,
                rows   bigint NOT NULL DEFAULT 0,
                done   boolean NOT NULL,
                at     timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (system, step))
            """;

    private static final String WRITE = """
            INSERT INTO rollcall_adoption.journal AS j (system, step, detail, rows, done) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (system, step) DO UPDATE
               SET detail = excluded.detail, rows = j.rows + excluded.rows, done = excluded.done, at = now()
            """;

    private static final String READ =
            "SELECT detail, rows::text, done::text FROM rollcall_adoption.journal WHERE system = ? AND step = ?";

    /** @param detail of a step that is not done: where it goes on */
    record Entry(@Nullable String detail, long rows, boolean done) {}

    private final Database database;
    private final String system;

    Journal(Database database, String system) {
        this.database = database;
        this.system = system;
    }

    void create() throws SQLException {
        if (!exists()) {
            database.together(() -> {
                database.execute(CREATE);
                return true;
            });
        }
    }

    Optional<Entry> entry(String step) throws SQLException {
        if (!exists()) {
            return Optional.empty();
        }
        List<List<@Nullable String>> rows = database.rows(READ, system, step);
        return rows.stream()
                .findFirst()
                .map(row ->
                        new Entry(row.get(0), Long.parseLong(String.valueOf(row.get(1))), "true".equals(row.get(2))));
    }

    boolean isDone(String step) throws SQLException {
        return entry(step).map(Entry::done).orElse(false);
    }

    void write(String step, @Nullable String detail, long moreRows, boolean done) throws SQLException {
        database.write(WRITE, system, step, detail, moreRows, done);
    }

    void forget(String step) throws SQLException {
        database.write("DELETE FROM rollcall_adoption.journal WHERE system = ? AND step = ?", system, step);
    }

    private boolean exists() throws SQLException {
        return database.hasTable(SCHEMA, "journal");
    }
}
