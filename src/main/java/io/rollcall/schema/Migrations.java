package io.rollcall.schema;

import io.rollcall.DatabaseUrl;
import org.flywaydb.core.Flyway;

/** Our migrations, applied without a service: by a command, as a start applies them. */
public final class Migrations {

    private Migrations() {}

    /** @return how many there were to apply */
    public static int apply(DatabaseUrl owner) {
        var configuration = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(owner.jdbc(), owner.user(), owner.password())
                .locations("classpath:db/migration")
                .cleanDisabled(true);
        new SessionLock().customize(configuration);
        return configuration.load().migrate().migrationsExecuted;
    }
}
