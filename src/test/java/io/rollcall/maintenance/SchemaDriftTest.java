package io.rollcall.maintenance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import io.rollcall.schema.ScratchDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One object of each kind added, altered or taken away, in a transaction that is rolled back. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SchemaDriftTest {

    private static ScratchDatabase database;

    @AfterAll
    static void drop() {
        database.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CREATE TABLE more (id int)                                           | + table more
            DROP TABLE canvas_viewports                                          | - table canvas_viewports
            ALTER TABLE workspaces ADD COLUMN more int                           | + column workspaces.
            ALTER TABLE workspaces ALTER COLUMN name TYPE varchar                | - column workspaces.4 name text
            ALTER TABLE workspaces ALTER COLUMN tier SET DEFAULT 2               | + column workspaces.7 tier integer notnull t default 2
            ALTER TABLE workspaces ALTER COLUMN name DROP NOT NULL               | + column workspaces.4 name text notnull f
            DROP INDEX workspaces_children                                       | - index CREATE INDEX workspaces_children
            CREATE INDEX more ON workspaces (name)                               | + index CREATE INDEX more
            ALTER TABLE workspaces DROP CONSTRAINT workspaces_tier               | - constraint workspaces.workspaces_tier
            ALTER TABLE workspaces DISABLE TRIGGER workspaces_guard              | + trigger
            DROP TRIGGER workspaces_guard ON workspaces                          | - trigger
            CREATE OR REPLACE FUNCTION drift_forgotten() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END' | + function
            ALTER TABLE workspaces NO FORCE ROW LEVEL SECURITY                   | - table workspaces kind r row security t/t
            DROP POLICY workspaces_tenant ON workspaces                          | - policy workspaces.workspaces_tenant
            CREATE VIEW more AS SELECT 1 AS one                                  | + view more
            CREATE SEQUENCE more                                                 | + table more kind S
            CREATE TYPE more AS ENUM ('a')                                       | + type more e a
            ALTER TABLE workspaces DISABLE TRIGGER ALL; ALTER TABLE workspaces ENABLE TRIGGER USER | + trigger of constraint workspaces.workspaces_
            CREATE RULE more AS ON DELETE TO workspaces DO INSTEAD NOTHING       | + rule CREATE RULE more
            CREATE RULE more AS ON DELETE TO workspaces DO INSTEAD NOTHING; ALTER TABLE workspaces DISABLE RULE more |     ON DELETE TO public.workspaces DO INSTEAD NOTHING; enabled D
            ALTER TABLE delegations ALTER id SET INCREMENT BY 2                  | + sequence delegations_id_seq bigint start 1 increment 2
            ALTER SEQUENCE delegations_id_seq CYCLE                              | - sequence delegations_id_seq bigint start 1 increment 1
            CREATE TYPE more AS (a int, b text)                                  | + column more.2 b text
            CREATE DOMAIN more AS text CONSTRAINT short CHECK (length(VALUE) < 9) | + domain constraint more.short CHECK
            CREATE DOMAIN more AS varchar(9) NOT NULL                            | + domain more of character varying(9) notnull t
            CREATE AGGREGATE more(int) (SFUNC = int4pl, STYPE = int)             | + aggregate more(integer)
            CREATE TABLE more () INHERITS (import_runs)                          | + inherits more from import_runs
            CREATE TABLE more (a int) PARTITION BY RANGE (a); CREATE TABLE part PARTITION OF more FOR VALUES FROM (1) TO (2) | + inherits part from more FOR VALUES FROM (1) TO (2)
            ALTER TABLE workspaces REPLICA IDENTITY FULL                         | + replica identity workspaces f
            CREATE STATISTICS more ON name, role FROM workspaces                 | + statistics CREATE STATISTICS public.more
            CREATE TYPE more AS RANGE (subtype = date)                           | + range more of date
            ALTER TABLE instances RESET (fillfactor)                             | - table instances kind r row security f/f persistence p options {fillfactor=50}
            """)
    void isNamed(String change, String named) throws Exception {
        if (database == null) {
            database = new ScratchDatabase("scratch_drift");
            database.migrate("latest");
        }
        // Only a superuser may keep a foreign key from being checked.
        try (Connection connection = TestDatabase.connectAsSuperuser("scratch_drift");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertEquals("", drift(connection));
            statement.execute(change);

            String drift = drift(connection);

            assertTrue(drift.lines().anyMatch(line -> line.strip().startsWith(named)), drift);
            connection.rollback();
        }
    }

    private static String drift(Connection connection) throws Exception {
        var printed = new ByteArrayOutputStream();
        new Drift().run(connection, new Arguments(List.of(), Map.of()), new PrintStream(printed, true, UTF_8));
        return printed.toString(UTF_8);
    }
}
