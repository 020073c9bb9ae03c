package io.rollcall.schema;

import java.util.List;
import org.flywaydb.core.api.configuration.Configuration;

/** What is asked before anything is migrated; the checks are in a package that knows this one. */
@FunctionalInterface
public interface MigrationPreflight {

    /**
     * Fails with {@link io.rollcall.Misconfigured} when rows are in the way; the message counts them.
     *
     * @param flyway connects as the owner
     * @param pending the versions of the migrations to come
     */
    void pass(Configuration flyway, List<String> pending);
}
