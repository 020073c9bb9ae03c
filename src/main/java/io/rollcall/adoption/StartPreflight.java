package io.rollcall.adoption;

import io.rollcall.Misconfigured;
import io.rollcall.schema.MigrationPreflight;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.Configuration;

/** The preflight of a start: of the migrations that it is about to apply, and of nothing else. */
@ApplicationScoped
class StartPreflight implements MigrationPreflight {

    private static final String LOOK =
            "SET TRANSACTION READ ONLY; SET LOCAL rollcall.tenant = '*'; SET LOCAL statement_timeout = 0";

    private final Map<String, List<Check>> checks;

    StartPreflight() {
        this(OwnChecks.OF_MIGRATIONS);
    }

    StartPreflight(Map<String, List<Check>> checks) {
        this.checks = checks;
    }

    @Override
    public void pass(Configuration flyway, List<String> pending) {
        if (pending.stream().noneMatch(checks::containsKey)) {
            return;
        }
        try (Connection owner = flyway.getDataSource().getConnection()) {
            Preflight found = found(new Database(owner), pending);
            if (found.collides()) {
                throw new Misconfigured("rows are in the way of this release's migrations, of which none was applied:"
                        + " correct them and start again (rollcall schema preflight). "
                        + found.text().stripTrailing());
            }
        } catch (SQLException e) {
            throw new FlywayException("the rows cannot be looked at before they are migrated: " + e.getMessage(), e);
        }
    }

    private Preflight found(Database database, List<String> pending) throws SQLException {
        return database.together(() -> {
            database.execute(LOOK);
            return Preflight.run("rollcall", OwnChecks.ofMigrations(database, checks, pending::contains), database);
        });
    }
}
