package io.rollcall;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Connections that a test's single statements share: to make one takes longer than most statements. A server that was
 * started since has new ones, and one that a test killed is not given out again.
 */
public final class KeptConnections {

    /** By which a test that counts connections knows them. */
    public static final String APPLICATION = "kept by tests";

    /** A foreign key's check that was planned while the table was empty is a scan for ever: docs/adr/0002. */
    private static final String PLAN_AS_THE_SERVICE_DOES = "SET enable_seqscan = off";

    private static final int MOST = 50;

    private String server;
    private AgroalDataSource kept;

    /** To be closed after each use, with no transaction open and nothing set for the session. */
    synchronized Connection take(String url, String user, String password) throws SQLException {
        if (!url.equals(server)) {
            if (kept != null) {
                kept.close();
            }
            kept = AgroalDataSource.from(
                    new AgroalDataSourceConfigurationSupplier().connectionPoolConfiguration(pool -> pool.maxSize(MOST)
                            .validateOnBorrow(true)
                            .connectionValidator(ConnectionValidator.defaultValidator())
                            .connectionFactoryConfiguration(connections -> connections
                                    .jdbcUrl(url)
                                    .jdbcProperty("ApplicationName", APPLICATION)
                                    .initialSql(PLAN_AS_THE_SERVICE_DOES)
                                    .principal(new NamePrincipal(user))
                                    .credential(new SimplePassword(password)))));
            server = url;
        }
        return kept.getConnection();
    }
}
