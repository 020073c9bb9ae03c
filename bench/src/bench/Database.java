package bench;

import io.rollcall.LocalDatabase;
import io.rollcall.embedded.EmbeddedServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** The product's own embedded server, durable as it ships, and what is done to it between measurements. */
final class Database implements Closeable {

    private final EmbeddedServer server = new EmbeddedServer();
    private final URI url;
    private final String ownerUrl;
    private final Connection superuser;
    private final Path directory;

    Database(Path directory) throws Exception {
        this.directory = directory;
        LocalDatabase.Urls urls = server.start(directory);
        url = URI.create(urls.serving());
        ownerUrl = urls.owner();
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
        superuser = connect("public");
    }

    /** A session of the superuser's, every statement prepared from its first execution on, planned as the service's. */
    Connection connect(String schema) throws IOException, SQLException {
        var properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty(
                "password", Files.readAllLines(directory.resolve("passwords")).get(0));
        properties.setProperty("prepareThreshold", "1");
        Connection connection =
                DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port() + url.getPath(), properties);
        if (!schema.equals("public")) {
            try (Statement settings = connection.createStatement()) {
                settings.execute("SET enable_seqscan = off; SET jit = off; SET search_path = " + schema);
            }
        }
        return connection;
    }

    /** The server's first process. */
    long pid() throws IOException {
        return Long.parseLong(
                Files.readAllLines(directory.resolve("data").resolve("postmaster.pid")).get(0));
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
