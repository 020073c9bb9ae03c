package io.rollcall.embedded;

import io.rollcall.LocalDatabase.Urls;
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
 * Brings the embedded server into the state the service expects: passwords asked for, a role that serves, one that owns
 * its database. Repeats harmlessly at every start, so a start that was cut off is completed by the next one.
 */
record Provisioning(EmbeddedPostgres server, Passwords passwords) {

    private static final String NAME = "rollcall";
    private static final String OWNER = "rollcall_owner";
    private static final String PASSWORDS_ONLY = """
            # Written by Rollcall at every start.
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128      scram-sha-256
            """;

    Urls run(Path data) throws SQLException, IOException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER ROLE postgres PASSWORD '" + passwords.superuser() + "'");
            ordinaryRole(statement, NAME, passwords.serving());
            ordinaryRole(statement, OWNER, passwords.owner());
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'")) {
                statement.execute("CREATE DATABASE " + NAME + " OWNER " + OWNER);
            }
            Files.writeString(data.resolve("pg_hba.conf"), PASSWORDS_ONLY);
            statement.execute("SELECT pg_reload_conf()");
        }
        takeFromServing();
        return new Urls(url(NAME, passwords.serving()), url(OWNER, passwords.owner()));
    }

    /** Once the role that serves owned its database and everything in it; both change hands here, in one transaction. */
    private void takeFromServing() throws SQLException {
        try (Connection connection = connect(NAME);
                Statement statement = connection.createStatement()) {
            statement.execute("REASSIGN OWNED BY " + NAME + " TO " + OWNER);
        }
    }

    private Connection connect(String database) throws SQLException {
        return server.getDatabase("postgres", database, Map.of("password", passwords.superuser()))
                .getConnection();
    }

    private String url(String role, String password) {
        return "postgresql://" + role + ":" + password + "@127.0.0.1:" + server.getPort() + "/" + NAME;
    }

    private static void ordinaryRole(Statement statement, String role, String password) throws SQLException {
        if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + role + "'")) {
            statement.execute("CREATE ROLE " + role);
        }
        statement.execute("ALTER ROLE " + role
                + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '" + password + "'");
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }
}
