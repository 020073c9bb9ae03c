package io.rollcall.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.rollcall.DatabaseUrl;
import io.rollcall.TestDatabase;
import io.rollcall.maintenance.SchemaCommands;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;

/** An empty database of its own on the test server, owned by the role that migrates; dropped at the end. */
public final class ScratchDatabase implements AutoCloseable {

    static final Path MIGRATIONS = Path.of("src/main/resources/db/migration");
    static final Path ROLLBACKS = Path.of("src/main/resources/db/rollback");

    private final String name;
    private final String url;
    private final String user;
    private final String password;

    public ScratchDatabase(String name) {
        URI owner = TestDatabase.ownerUrl();
        String[] login = owner.getUserInfo().split(":");
        this.name = name;
        this.url = "jdbc:postgresql://" + owner.getHost() + ":" + owner.getPort() + "/" + name;
        this.user = login[0];
        this.password = login[1];
        asSuperuser("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        asSuperuser("CREATE DATABASE " + name + " OWNER " + user);
    }

    /** Migrates as the service does, up to a version. @return how many migrations were applied */
    public int migrate(String target) {
        var configuration = Flyway.configure()
                .dataSource(url, user, password)
                .locations("filesystem:" + MIGRATIONS)
                .target(MigrationVersion.fromVersion(target));
        new SessionLock().customize(configuration);
        return configuration.load().migrate().migrationsExecuted;
    }

    /** For a command line: by the role that owns it. */
    public String ownerUrl() {
        return "postgresql://" + user + ":" + password + "@" + url.substring("jdbc:postgresql://".length());
    }

    /** As the platform: row security hides nothing. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url + "?options=-c%20rollcall.tenant=*", user, password);
    }

    /** All statements of a script in one transaction. */
    public void script(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            connection.commit();
        }
    }

    /** The first column of every row. */
    public List<String> rows(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            var rows = new ArrayList<String>();
            while (found.next()) {
                rows.add(found.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** As an operator sees it: the output of one of the {@code schema} commands. */
    String command(String... args) {
        return command(0, args);
    }

    /** The same, of one that ends with a code. */
    String command(int expected, String... args) {
        var printed = new ByteArrayOutputStream();
        int code = SchemaCommands.run(owner(), new PrintStream(printed, true, UTF_8), args);
        if (code != expected) {
            throw new IllegalStateException(String.join(" ", args) + " ended with " + code + ": " + printed);
        }
        return printed.toString(UTF_8);
    }

    /** Its URL, by the role that owns it. */
    public DatabaseUrl owner() {
        return new DatabaseUrl(url.substring("jdbc:postgresql://".length()), user, password);
    }

    private static void asSuperuser(String sql) {
        try (Connection connection = TestDatabase.connectAsSuperuser();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        asSuperuser("DROP DATABASE " + name + " WITH (FORCE)");
    }
}
