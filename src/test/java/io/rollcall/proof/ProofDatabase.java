package io.rollcall.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.DatabaseUrl;
import io.rollcall.maintenance.SchemaCommands;
import io.rollcall.schema.ServiceFlyway;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** A database of its own on a server, owned by the role that migrates; dropped at the end. */
public final class ProofDatabase implements AutoCloseable {

    private static final String TABLES = """
            SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
               AND relname <> 'flyway_schema_history' ORDER BY relname
            """;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Server server;
    private final String name;

    private ProofDatabase(Server server, String name) {
        this.server = server;
        this.name = name;
    }

    public static ProofDatabase empty(Server server, String name) {
        return create(server, name, "");
    }

    /** Like another one, in which nobody may be. */
    public static ProofDatabase copy(ProofDatabase template, String name) {
        return create(template.server, name, " TEMPLATE " + template.name);
    }

    private static ProofDatabase create(Server server, String name, String template) {
        var database = new ProofDatabase(server, name);
        database.close();
        database.onTheServer("CREATE DATABASE " + name + " OWNER " + server.owner() + template);
        return database;
    }

    public String name() {
        return name;
    }

    public Server server() {
        return server;
    }

    /** Migrates as the service does, up to a version or to the {@code latest}. @return how many migrations were applied */
    public int migrate(Migrations migrations, String target, Callback... callbacks) {
        return flyway(migrations.forward(), target).callbacks(callbacks).load().migrate().migrationsExecuted;
    }

    private FluentConfiguration flyway(Path migrations, String target) {
        return ServiceFlyway.configuration(
                        server.jdbcUrl(name), server.owner(), server.ownerPassword(), migrations.toAbsolutePath())
                .target(MigrationVersion.fromVersion(target));
    }

    /** Runs the file that undoes a migration, as an operator does with psql, whose session has no tenant. */
    public void undo(Migrations migrations, Migrations.Step step) throws SQLException {
        script("SET LOCAL rollcall.tenant = '';" + migrations.undo(step)
                + "\n; DELETE FROM flyway_schema_history WHERE version = '" + step.version() + "'");
    }

    /** As the role that migrates, and as the platform: row security hides nothing. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(
                server.jdbcUrl(name) + "?options=-c%20rollcall.tenant=*", server.owner(), server.ownerPassword());
    }

    public Connection superuser() throws SQLException {
        return server.superuser(name);
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

    /** Those of the service, without Flyway's. */
    public List<String> tables() {
        return rows(TABLES);
    }

    /** A hash of the rows of each table. */
    public Map<String, String> data() {
        var data = new TreeMap<String, String>();
        ofEachTable("count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '')")
                .forEach(found -> data.put(found.get(0).asText(), found.get(1).asText()));
        return data;
    }

    /** The rows of each table, as documents. */
    public Map<String, List<JsonNode>> documents() {
        var documents = new TreeMap<String, List<JsonNode>>();
        ofEachTable("coalesce(jsonb_agg(to_jsonb(t)), '[]')").forEach(found -> {
            var rows = new ArrayList<JsonNode>();
            found.get(1).forEach(rows::add);
            documents.put(found.get(0).asText(), rows);
        });
        return documents;
    }

    /** @return pairs of a table's name and what the expression makes of its rows {@code t}, by one statement */
    private List<JsonNode> ofEachTable(String expression) {
        String all = tables().stream()
                .map(table -> "SELECT jsonb_build_array('" + table + "', " + expression + ") FROM " + table + " t")
                .collect(Collectors.joining(" UNION ALL "));
        return all.isEmpty()
                ? List.of()
                : rows(all).stream().map(ProofDatabase::parse).toList();
    }

    private static JsonNode parse(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the product's own command says of the schema, in lines. */
    public String fingerprint() {
        URI jdbc = URI.create(server.jdbcUrl(name).substring("jdbc:".length()));
        DatabaseUrl url = DatabaseUrl.owner("postgresql://" + server.owner() + ":" + server.ownerPassword() + "@"
                + jdbc.getHost() + ":" + jdbc.getPort() + jdbc.getPath());
        var said = new ByteArrayOutputStream();
        int code = SchemaCommands.run(
                url, new PrintStream(said, false, StandardCharsets.UTF_8), "schema", "fingerprint", "--lines");
        if (code != 0) {
            throw new IllegalStateException("schema fingerprint ended with " + code);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    private void onTheServer(String sql) {
        try (Connection connection = server.superuser("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() {
        onTheServer("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }
}
