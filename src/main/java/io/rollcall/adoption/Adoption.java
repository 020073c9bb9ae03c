package io.rollcall.adoption;

import io.rollcall.DatabaseUrl;
import io.rollcall.backup.Backup;
import io.rollcall.backup.Manifest;
import io.rollcall.backup.Refusal;
import io.rollcall.schema.Migrations;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.flywaydb.core.api.FlywayException;

/**
 * Takes over the database of another system, in place: what is in the way is looked for, the tables are backed up, put right
 * and set aside in a schema of their own (with their keys, indexes and rows, and whatever else was in {@code public}); our
 * migrations make ours, the rows are copied, and both sides compared.
 *
 * <p>Invariants: nothing of theirs is deleted or overwritten; every part is durable by itself, and may be killed and run again;
 * what is done is read from the catalog, and from {@link Journal} where that cannot say.
 */
public final class Adoption {

    private static final String ALONE = "pg_try_advisory_lock(hashtextextended('rollcall adoption', 0))";
    private static final String FREE = "SELECT pg_advisory_unlock(hashtextextended('rollcall adoption', 0))";

    private static final String MAY_SET_ASIDE = """
            pg_has_role((SELECT nspowner FROM pg_namespace WHERE nspname = 'public'), 'USAGE')
            AND has_database_privilege(current_database(), 'CREATE')
            """;

    /** Once nobody is in the middle of writing; whoever still uses the names finds them gone. */
    private static final String SET_ASIDE = """
            LOCK TABLE %s IN ACCESS EXCLUSIVE MODE;
            ALTER SCHEMA public RENAME TO %s;
            CREATE SCHEMA public;
            GRANT USAGE ON SCHEMA public TO PUBLIC
            """;

    private final ForeignSystem system;
    private final Progress progress;
    private final Database database;
    private final Journal journal;
    private final DatabaseUrl url;
    private final Path backup;

    private Adoption(
            ForeignSystem system,
            Connection connection,
            DatabaseUrl url,
            Path backup,
            PrintStream out,
            Consumer<String> passed) {
        this.system = system;
        this.database = new Database(connection);
        this.journal = new Journal(database, system.name());
        this.progress = new Progress(database, journal, out, passed);
        this.url = url;
        this.backup = backup;
    }

    /**
     * @param name of the system whose database it is
     * @param url of the same database, by the role that owns it
     * @param backup where the tables are backed up; the same again when it goes on
     * @throws Refusal for a database of another system, for collisions, and for rows that do not read as they should
     */
    public static void run(String name, Connection connection, DatabaseUrl url, Path backup, PrintStream out)
            throws SQLException, IOException {
        run(name, connection, url, backup, out, part -> {});
    }

    static void run(
            String name, Connection connection, DatabaseUrl url, Path backup, PrintStream out, Consumer<String> passed)
            throws SQLException, IOException {
        Database database = new Database(connection);
        ForeignSystem system = find(name, database);
        if (!database.holds(ALONE)) {
            throw new Refusal("somebody else is taking this database over");
        }
        try {
            new Adoption(system, connection, url, backup, out, passed).run();
        } finally {
            if (!connection.isClosed()) {
                database.execute(FREE);
            }
        }
    }

    /** In public, or where it was set aside before. */
    private static ForeignSystem find(String name, Database database) throws SQLException {
        if (ForeignSystem.ALL.stream().noneMatch(system -> system.name().equals(name))) {
            throw new Refusal("there is nothing known of a system " + name + "; known are org-studio, molecule-core and"
                    + " agentmux");
        }
        for (ForeignSystem system : ForeignSystem.ALL) {
            if (system.name().equals(name) && system.isIn(database, system.schema())) {
                return system;
            }
        }
        ForeignSystem found = ForeignSystem.in(database, "public").orElse(null);
        if (found == null || !found.name().equals(name) || database.hasTable("public", "flyway_schema_history")) {
            String what = database.hasTable("public", "flyway_schema_history")
                    ? "its public has a schema history, of Rollcall's or somebody's"
                    : found != null
                            ? "it is one of " + found.name()
                            : "in public there are " + String.join(", ", Preflight.tables(database));
            throw new Refusal("this is no database of " + name + ": " + what);
        }
        return found;
    }

    private void run() throws SQLException, IOException {
        if (journal.isDone("adopted")) {
            progress.say(system.name() + " was taken over already; there is nothing to do");
            return;
        }
        boolean aside = isAside();
        check(aside ? system.schema() : "public");
        journal.create();
        if (!aside) {
            backUp();
            for (Step repair : system.repairs()) {
                take(repair);
            }
            // What came meanwhile stays theirs: from here on nobody writes to it any more by its name.
            check("public");
            String tables = system.tables(database, "public").stream()
                    .map("public."::concat)
                    .collect(Collectors.joining(", "));
            database.patiently(SET_ASIDE.formatted(tables, system.schema()));
            passed("set aside in the schema " + system.schema());
        }
        migrate();
        for (Step copy : system.copies()) {
            take(copy);
        }
        prove();
        journal.write("adopted", null, 0, true);
        passed(system.name() + " is taken over; its tables are in the schema " + system.schema());
    }

    /** What is missing on our side is copied by the next run, since it begins at the beginning then. */
    private void prove() throws SQLException, IOException {
        try {
            for (Proof proof : system.proofs(database)) {
                progress.say(proof.check(database));
            }
        } catch (Refusal e) {
            for (Step copy : system.copies()) {
                journal.forget(copy.name());
            }
            throw e;
        }
    }

    private void migrate() {
        try {
            passed("migrations: " + Migrations.apply(url));
        } catch (FlywayException e) {
            throw new Refusal("our migrations do not apply; their tables stay in the schema " + system.schema() + ". "
                    + e.getMessage());
        }
    }

    private void check(String schema) throws SQLException {
        if (!database.holds(MAY_SET_ASIDE)) {
            throw new Refusal("this role may not rename the schema public: as a superuser, make it the owner of the"
                    + " database and of the schema");
        }
        Preflight found = Preflight.run(system.name(), system.checks(database, schema), database);
        if (found.collides()) {
            throw new Refusal(found.text().stripTrailing());
        }
        progress.say("preflight of " + found.text().stripTrailing());
    }

    private void backUp() throws SQLException, IOException {
        if (journal.isDone("backup")) {
            return;
        }
        List<String> tables = system.tables(database, "public");
        Manifest manifest = Files.exists(backup.resolve("manifest.json"))
                ? Backup.isStill(database.connection(), "public", tables, backup)
                : Backup.take(database.connection(), "public", tables, backup);
        long rows = manifest.tables().stream().mapToLong(Manifest.Table::rows).sum();
        journal.write("backup", backup.toAbsolutePath() + " " + manifest.sha256(), rows, true);
        passed("backup: " + rows + " rows in " + backup.toAbsolutePath() + ", manifest " + manifest.sha256());
    }

    private void take(Step step) throws SQLException {
        step.work().run(progress);
        passed(step.name());
    }

    private void passed(String part) {
        progress.say(part);
        progress.passed().accept(part);
    }

    private boolean isAside() throws SQLException {
        return system.isIn(database, system.schema());
    }
}
