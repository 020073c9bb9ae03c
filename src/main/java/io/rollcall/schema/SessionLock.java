package io.rollcall.schema;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.inject.Singleton;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/**
 * Flyway's lock between replicas, taken for the session. The default, a transaction-level lock, keeps an old snapshot
 * open, and {@code CREATE INDEX CONCURRENTLY} waits for that snapshot for ever (flyway/flyway#3508). Replicas that come
 * second wait as long as the first one needs.
 */
@Singleton
final class SessionLock implements FlywayConfigurationCustomizer {

    private static final int WAIT_FOR_EVER = -1;

    @Override
    public void customize(FluentConfiguration configuration) {
        configuration
                .getPluginRegister()
                .getExact(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        configuration.lockRetryCount(WAIT_FOR_EVER);
        configuration.validateMigrationNaming(true);
    }
}
