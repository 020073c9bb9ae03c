package io.rollcall;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** SQL beside the API, on a connection of the test's own, as the superuser. */
public final class Superuser implements AutoCloseable {

    /**
     * As TRUNCATE does it, nobody else at the tables and their numbers from one again; but few rows are deleted, which takes a
     * tenth of the time, and leaves the service's prepared plans as they are.
     */
    private static final String EMPTY = """
            DO $$
            DECLARE
                tables CONSTANT text[] := string_to_array('%1$s', ', ');
                here text;
                many boolean := false;
                rows bigint;
            BEGIN
                PERFORM set_config('session_replication_role', 'replica', true);
                LOCK TABLE %1$s IN ACCESS EXCLUSIVE MODE;
                FOREACH here IN ARRAY tables LOOP
                    EXECUTE format('SELECT count(*) FROM (SELECT FROM %%I LIMIT 500) AS few', here) INTO rows;
                    many := many OR rows = 500;
                END LOOP;
                IF many THEN
                    TRUNCATE %1$s;
                ELSE
                    FOREACH here IN ARRAY tables LOOP
                        EXECUTE format('DELETE FROM %%I', here);
                    END LOOP;
                END IF;
                PERFORM setval(d.objid::regclass, 1, false) FROM pg_depend d JOIN pg_class s ON s.oid = d.objid
                  WHERE s.relkind = 'S' AND d.deptype IN ('a', 'i') AND d.refobjid = ANY (tables::regclass[]);
            END $$
            """;

    private final Connection connection;

    public Superuser(Connection connection) {
        this.connection = connection;
    }

    /** Into the database of the {@code @QuarkusTest}. */
    public static Superuser connect() {
        try {
            return new Superuser(TestDatabase.connectAsSuperuser());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Into the same, as the one who seals the audit trail: until it is closed the service's job does not. */
    public static Superuser connectAsSealer() {
        Superuser sealer = connect();
        sealer.execute("SELECT pg_advisory_lock(hashtextextended('rollcall audit seal', 0))");
        return sealer;
    }

    /** Into the same, for what leaves the session as it was. */
    public static Superuser borrow() {
        try {
            return new Superuser(TestDatabase.borrowAsSuperuser());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void empty(String tables) {
        execute(EMPTY.formatted(tables));
    }

    public void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** As somebody who tampers with the database, or empties it for a test: no trigger fires. */
    public void withoutTriggers(String sql) {
        execute("SET session_replication_role = replica");
        execute(sql);
        execute("RESET session_replication_role");
    }

    public List<String> texts(String query) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    public String text(String query) {
        return texts(query).get(0);
    }

    public long number(String query) {
        return Long.parseLong(text(query));
    }

    /** Begins a transaction that stays open until the given SQL ends it. */
    public void begin() {
        execute("BEGIN");
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
