package bench;

import io.rollcall.LocalDatabase;
import io.rollcall.embedded.EmbeddedServer;
import java.io.Closeable;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The product's own embedded server, durable as it ships, and what is done to it between measurements. */
final class Database implements Closeable {

    private final EmbeddedServer server = new EmbeddedServer();
    private final URI url;
    private final String ownerUrl;
    private final Connection superuser;

    Database(Path directory) throws Exception {
        LocalDatabase.Urls urls = server.start(directory);
        url = URI.create(urls.serving());
        ownerUrl = urls.owner();
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
        superuser = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port() + url.getPath(),
                "postgres",
                Files.readAllLines(directory.resolve("passwords")).get(0));
    }

    int port() {
        return url.getPort();
    }

    String name() {
        return url.getPath().substring(1);
    }

    String user() {
        return url.getUserInfo().split(":")[0];
    }

    String password() {
        return url.getUserInfo().split(":")[1];
    }

    /** As the service takes it, by way of the given port. */
    String url(int port) {
        return "postgresql://" + url.getUserInfo() + "@127.0.0.1:" + port + url.getPath();
    }

    /** For what the service does once, at its start; never through a proxy. */
    String ownerUrl() {
        return ownerUrl;
    }

    /** No trees, no history; outside of every timing. */
    void empty() throws SQLException {
        execute("SET session_replication_role = replica");
        execute("TRUNCATE workspaces, tokens, import_runs, audit_log, audit_heads");
        execute("RESET session_replication_role");
    }

    void checkpoint() throws SQLException {
        execute("CHECKPOINT");
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(sql);
        }
    }

    String value(String sql) throws SQLException {
        try (Statement statement = superuser.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    long count(String sql) throws SQLException {
        return Long.parseLong(value(sql));
    }

    Connection superuser() {
        return superuser;
    }

    @Override
    public void close() {
        try {
            superuser.close();
        } catch (SQLException e) {
            System.err.println("not closed cleanly: " + e);
        }
        server.stop();
    }
}
