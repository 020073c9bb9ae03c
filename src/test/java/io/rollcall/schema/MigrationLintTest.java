package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our migrations keep the rules, and each rule catches what breaks it. */
class MigrationLintTest {

    private static final String NAME = "V20270102030405__widgets.sql";
    private static final String FORWARD = """
            SET LOCAL lock_timeout = '200ms';
            SET LOCAL statement_timeout = '30s';
            CREATE TABLE widgets (id uuid PRIMARY KEY);
            UPDATE schema_version SET version = '20270102030405', phase = 'expanding';
            -- Rollback: see db/rollback/V20270102030405__widgets.sql
            """;
    private static final String BACK = """
            -- Undoes V20270102030405__widgets.sql. Lost: every widget.
            SET LOCAL lock_timeout = '200ms';
            SET LOCAL statement_timeout = '30s';
            DO $$ BEGIN IF EXISTS (SELECT 1 FROM widgets) THEN RAISE EXCEPTION 'rollback refused'; END IF; END $$;
            DROP TABLE widgets;
            """;
    private static final String CONCURRENT = """
            SET lock_timeout = '200ms';
            SET statement_timeout = 0;
            DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_index WHERE NOT indisvalid) THEN DROP INDEX widgets_x; END IF; END $$;
            CREATE INDEX CONCURRENTLY IF NOT EXISTS widgets_x ON widgets (x);
            UPDATE schema_version SET version = '20270102030405', phase = 'expanding';
            -- Rollback: see db/rollback/V20270102030405__widgets.sql
            """;

    @TempDir
    Path directory;

    private Path migrations;
    private Path rollbacks;

    @BeforeEach
    void goodFiles() throws IOException {
        migrations = Files.createDirectory(directory.resolve("migration"));
        rollbacks = Files.createDirectory(directory.resolve("rollback"));
        write(FORWARD, BACK);
    }

    @Test
    void ourMigrationsHaveNoFault() throws IOException {
        assertEquals(List.of(), MigrationLint.faults(ScratchDatabase.MIGRATIONS, ScratchDatabase.ROLLBACKS));
    }

    @Test
    void theFixturesThatTheFaultsAreMadeFromHaveNone() throws IOException {
        assertEquals(List.of(), lint());
        writeAlone(CONCURRENT);
        assertEquals(List.of(), lint());
    }

    @ParameterizedTest
    @CsvSource({
        "V1__widgets.sql",
        "V20270102__widgets.sql",
        "V20271302030405__widgets.sql",
        "V20270102030405_widgets.sql",
        "V20270102030405__Widgets.sql",
        "V20270102030405__.sql",
        "widgets.sql"
    })
    void aNameOfAnotherForm(String name) throws IOException {
        Files.delete(migrations.resolve(NAME));
        Files.delete(rollbacks.resolve(NAME));
        Files.writeString(migrations.resolve(name), FORWARD.replace(NAME, name));
        Files.writeString(rollbacks.resolve(name), BACK.replace(NAME, name));

        assertEquals(List.of(name + ": is not named V<yyyyMMddHHmmss>__<what>.sql"), lint());
    }

    @Test
    void aMigrationWithoutRollbackAndARollbackWithoutMigration() throws IOException {
        Files.move(rollbacks.resolve(NAME), rollbacks.resolve("V20270102030406__other.sql"));
        Files.writeString(
                rollbacks.resolve("V20270102030406__other.sql"), BACK.replace(NAME, "V20270102030406__other.sql"));

        assertEquals(
                List.of(
                        NAME + ": has no file of the same name under db/rollback",
                        "V20270102030406__other.sql: is a rollback of no migration"),
                lint());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            db/rollback/V2027~db/rollback/V2028~does not end with -- Rollback: see db/rollback/V20270102030405__widgets.sql
            SET LOCAL lock_timeout~SET LOCAL x~sets no lock_timeout
            SET LOCAL lock_timeout~-- SET LOCAL lock_timeout~sets no lock_timeout
            SET LOCAL statement_timeout~SET LOCAL x~sets no statement_timeout
            200ms~2s~waits for locks for more than a second
            200ms~0~waits for locks for more than a second
            200ms~1001~waits for locks for more than a second
            200ms~5 min~waits for locks for more than a second
            200ms~1min~waits for locks for more than a second
            200ms~1h~waits for locks for more than a second
            '200ms'~DEFAULT~waits for locks for more than a second
            30s~0~sets no end to its statements
            '30s'~DEFAULT~sets no end to its statements
            );~); ALTER TABLE gadgets ADD x int;~changes more than one table: [gadgets, widgets]
            );~); CREATE TABLE gadgets (x int);~changes more than one table: [gadgets, widgets]
            );~); CREATE VIEW v AS SELECT * FROM widgets;~names no columns: SELECT * or RETURNING *
            );~); CREATE VIEW v AS SELECT w.* FROM widgets w;~names no columns: SELECT * or RETURNING *
            );~); DO $$ BEGIN EXECUTE 'INSERT INTO widgets (id) SELECT id FROM y ON CONFLICT (coalesce(id, $1)) DO NOTHING'; END $$;~infers a conflict by what is no literal
            );~); GRANT SELECT ON widgets TO rollcall;~gives rights: those are lines of schema.ServingRights
            );~); INSERT INTO widgets VALUES (1);~inserts without naming the columns
            version = '2027~version = '2028~does not end by saying in schema_version that it is its own version
            UPDATE schema_version~-- UPDATE~does not end by saying in schema_version that it is its own version
            CREATE TABLE~CREATE TABLE IF NOT EXISTS~IF NOT EXISTS is content with another shape
            );~); UPDATE widgets SET id = id;~rewrites rows unbatched
            );~); UPDATE widgets w SET id = w.id;~rewrites rows unbatched
            );~); UPDATE widgets AS w SET id = w.id;~rewrites rows unbatched
            );~); UPDATE ONLY widgets SET id = id;~rewrites rows unbatched
            );~); UPDATE "Widgets" SET id = id;~rewrites rows unbatched
            );~); UPDATE public.widgets2 SET id = id;~rewrites rows unbatched
            );~); DELETE FROM "widgets";~rewrites rows unbatched
            );~); MERGE INTO widgets w USING old o ON w.id = o.id WHEN MATCHED THEN DELETE;~rewrites rows unbatched
            );~); TRUNCATE old;~rewrites rows unbatched
            );~); DO $$ BEGIN UPDATE widgets SET id = id; END $$;~rewrites rows unbatched
            );~); DO $x$ BEGIN UPDATE widgets SET id = id; END $x$;~rewrites rows unbatched
            );~); CREATE INDEX i ON gadgets (x);~builds an index on an existing table without CONCURRENTLY
            );~); CREATE UNIQUE INDEX i ON ONLY public.gadgets2 (x);~builds an index on an existing table without CONCURRENTLY
            phase = 'expanding'~phase = 'contracting'~contracts and does not say for which releases
            CREATE TABLE widgets (id uuid PRIMARY KEY)~ALTER TABLE widgets DROP COLUMN x~drops or renames what an older release may need, and does not say that it contracts
            CREATE TABLE widgets (id uuid PRIMARY KEY)~ALTER TABLE widgets ADD y int, DROP IF EXISTS x~drops or renames what an older release may need, and does not say that it contracts
            CREATE TABLE widgets (id uuid PRIMARY KEY)~ALTER TABLE "Widgets" RENAME x TO y~drops or renames what an older release may need, and does not say that it contracts
            CREATE TABLE widgets (id uuid PRIMARY KEY)~ALTER TABLE widgets RENAME TO gadgets~drops or renames what an older release may need, and does not say that it contracts
            CREATE TABLE widgets (id uuid PRIMARY KEY)~DROP TABLE widgets~drops or renames what an older release may need, and does not say that it contracts
            CREATE TABLE widgets (id uuid PRIMARY KEY)~DROP VIEW widgets_seen~drops or renames what an older release may need, and does not say that it contracts
            CREATE TABLE widgets (id uuid PRIMARY KEY)~CREATE INDEX i ON widgets (id)~builds an index on an existing table without CONCURRENTLY
            CREATE TABLE widgets (id uuid PRIMARY KEY)~ALTER TABLE widgets ADD CONSTRAINT c CHECK (x > 0)~adds a constraint without NOT VALID
            CREATE TABLE widgets (id uuid PRIMARY KEY)~ALTER TABLE widgets ADD CONSTRAINT c FOREIGN KEY (x) REFERENCES y~adds a constraint without NOT VALID
            CREATE TABLE widgets (id uuid PRIMARY KEY)~ALTER TABLE widgets ADD CONSTRAINT c PRIMARY KEY (x)~adds a key without USING INDEX
            CREATE TABLE widgets (id uuid PRIMARY KEY)~ALTER TABLE widgets ADD UNIQUE (x)~adds a key without USING INDEX
            """)
    void aMigrationThatBreaksARule(String good, String bad, String fault) throws IOException {
        write(FORWARD.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad)), BACK);

        assertEquals(List.of(NAME + ": " + fault), lint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ADD CONSTRAINT c CHECK (x > 0)",
                "ADD CHECK (x > 0)",
                "ADD COLUMN y int, ADD CONSTRAINT c FOREIGN KEY (x) REFERENCES y",
                "ADD CONSTRAINT a CHECK (x > 0) NOT VALID, ADD CONSTRAINT b CHECK (x > 1)"
            })
    void aTableOfItsOwnExcusesNothingThatItDoesToAnother(String change) throws IOException {
        write(FORWARD.replaceFirst("\\);", "); ALTER TABLE gadgets " + change + ";"), BACK);

        assertEquals(
                List.of(
                        NAME + ": changes more than one table: [gadgets, widgets]",
                        NAME + ": adds a constraint without NOT VALID"),
                lint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE widgets DROP CONSTRAINT c",
                "ALTER TABLE widgets ALTER x DROP NOT NULL, ALTER COLUMN y DROP DEFAULT",
                "ALTER TABLE widgets RENAME CONSTRAINT a TO b",
                "DROP TRIGGER widgets_guard ON widgets",
                "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ UPDATE widgets SET id = id; $$",
                "SELECT 1 FROM widgets FOR UPDATE",
                "INSERT INTO widgets (id) SELECT id FROM old ON CONFLICT (id) DO UPDATE SET id = excluded.id"
            })
    void whatNobodyMissesIsNoFault(String change) throws IOException {
        write(FORWARD.replace("CREATE TABLE widgets (id uuid PRIMARY KEY)", change), BACK);
        assertEquals(List.of(), lint());
    }

    @Test
    void whatContractsMayTakeAway() throws IOException {
        write(
                FORWARD.replace("CREATE TABLE widgets (id uuid PRIMARY KEY)", "ALTER TABLE widgets DROP COLUMN x")
                        .replace("'expanding'", "'contracting', min_compatible_binary = '1.0.0'"),
                BACK);
        assertEquals(List.of(), lint());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            indisvalid~indisready~builds concurrently without a guard on indisvalid
            CREATE INDEX C~ALTER TABLE widgets ADD x int; CREATE INDEX C~does more than its concurrent build
            CONCURRENTLY IF NOT EXISTS~CONCURRENTLY~cannot be repeated after a crash that came before its line in the history: say IF (NOT) EXISTS
            phase = 'expanding'~phase = 'contracting', min_compatible_binary = '1.0.0'~contracts outside of a transaction: what older instances need is gone before they are asked for
            SET lock~SET LOCAL lock~SET LOCAL has no effect outside a transaction; use SET and RESET
            """)
    void aConcurrentBuildThatBreaksARule(String good, String bad, String fault) throws IOException {
        writeAlone(CONCURRENT.replace(good, bad));

        assertEquals(List.of(NAME + ": " + fault), lint());
    }

    @Test
    void settingsThatAreMissingSuperfluousOrOfNoMigration() throws IOException {
        write(CONCURRENT, BACK);
        assertEquals(List.of(NAME + ": has no " + NAME + ".conf that says executeInTransaction=false"), lint());

        writeAlone(FORWARD);
        assertEquals(List.of(NAME + ": has settings that nothing in it needs"), lint());

        Files.move(migrations.resolve(NAME + ".conf"), migrations.resolve("V20270102030406__other.sql.conf"));
        assertEquals(List.of("V20270102030406__other.sql.conf: is the settings of no migration"), lint());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            Lost: every widget.~All gone.~rollback does not say what is lost
            SET LOCAL lock_timeout~SET LOCAL x~sets no lock_timeout
            rollback refused~no~rollback does not refuse before it drops
            DROP TABLE widgets~DROP TABLE widgets CASCADE~rollback drops by CASCADE what it does not name
            """)
    void aRollbackThatBreaksARule(String good, String bad, String fault) throws IOException {
        write(FORWARD, BACK.replace(good, bad));

        assertEquals(List.of(NAME + ": " + fault), lint());
    }

    private void write(String forward, String back) throws IOException {
        Files.writeString(migrations.resolve(NAME), forward);
        Files.writeString(rollbacks.resolve(NAME), back);
    }

    private void writeAlone(String forward) throws IOException {
        write(forward, BACK);
        Files.writeString(migrations.resolve(NAME + ".conf"), "executeInTransaction=false\n");
    }

    private List<String> lint() throws IOException {
        return MigrationLint.faults(migrations, rollbacks);
    }
}
