package io.rollcall.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * Brings the embedded server into the state the service expects: passwords asked for, an ordinary role, its database.
 * Repeats harmlessly at every start, so a start that was cut off is completed by the next one.
 */
record Provisioning(EmbeddedPostgres server, Passwords passwords) {

    private static final String NAME = "rollcall";
    private static final String PASSWORDS_ONLY = """
            # Written by Rollcall at every start.
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128      scram-sha-256
            """;

    String run(Path data) throws SQLException, IOException {
        var login = Map.of("password", passwords.superuser());
        try (Connection connection = server.getPostgresDatabase(login).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER ROLE postgres PASSWORD '" + passwords.superuser() + "'");
            if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + NAME + "'")) {
                statement.execute("CREATE ROLE " + NAME);
            }
            statement.execute("ALTER ROLE " + NAME
                    + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '"
                    + passwords.service() + "'");
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
                statement.execute("CREATE DATABASE " + NAME + " OWNER " + NAME);
            }
            Files.writeString(data.resolve("pg_hba.conf"), PASSWORDS_ONLY);
            statement.execute("SELECT pg_reload_conf()");
        }
        return "postgresql://" + NAME + ":" + passwords.service() + "@127.0.0.1:" + server.getPort() + "/" + NAME;
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }
}
