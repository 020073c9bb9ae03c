package io.rollcall.proof;

import io.rollcall.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;

/** A PostgreSQL on which scratch databases are made. */
public interface Server {

    Connection superuser(String database) throws SQLException;

    String jdbcUrl(String database);

    /** The role that migrates. */
    String owner();

    String ownerPassword();

    /** The one of the {@code @QuarkusTest}, of the product's own version. */
    static Server ofTheTests() {
        return new Server() {
            @Override
            public Connection superuser(String database) throws SQLException {
                return TestDatabase.connectAsSuperuser(database);
            }

            @Override
            public String jdbcUrl(String database) {
                var url = TestDatabase.ownerUrl();
                return "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + "/" + database;
            }

            @Override
            public String owner() {
                return TestDatabase.ownerUrl().getUserInfo().split(":")[0];
            }

            @Override
            public String ownerPassword() {
                return TestDatabase.ownerUrl().getUserInfo().split(":")[1];
            }
        };
    }
}
