package io.rollcall.adoption;

import java.sql.SQLException;

/** Another primary key for a live table: its index is built beside it, and the swap itself takes milliseconds. */
record KeySwap(String table, String columns) {

    private static final String KEY = """
            SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = to_regclass(?) AND contype = 'p'
            """;
    private static final String NAME =
            "SELECT conname FROM pg_constraint WHERE conrelid = to_regclass(?) AND contype = 'p'";

    Step step() {
        return new Step("key of " + table, this::run);
    }

    private void run(Progress progress) throws SQLException {
        Database database = progress.database();
        if (database.texts(KEY, "public." + table).contains("PRIMARY KEY (" + columns + ")")) {
            return;
        }
        String index = table + "_key_next";
        new UniqueIndex(
                        index,
                        table,
                        "CREATE UNIQUE INDEX " + index + " ON public." + table + " USING btree (" + columns + ")")
                .build(progress);
        progress.passed().accept("next key of " + table);
        String name =
                database.texts(NAME, "public." + table).stream().findFirst().orElse("");
        String drop = name.isEmpty() ? "" : "DROP CONSTRAINT \"" + name + "\", ";
        database.patiently("ALTER TABLE public." + table + " " + drop + "ADD CONSTRAINT " + table
                + "_pkey PRIMARY KEY USING INDEX " + index);
    }
}
