package io.rollcall.schema;

import java.nio.file.Path;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Flyway as the service sets it up, for tests that migrate a database of their own. */
public final class ServiceFlyway {

    private ServiceFlyway() {}

    public static FluentConfiguration configuration(String url, String user, String password, Path migrations) {
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(url, user, password)
                .locations("filesystem:" + migrations)
                // As Quarkus sets it.
                .ignoreMigrationPatterns(new String[0]);
        new SessionLock().customize(configuration);
        return configuration;
    }
}
