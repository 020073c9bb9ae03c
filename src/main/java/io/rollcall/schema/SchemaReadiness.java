package io.rollcall.schema;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * Ready means: a query was answered in time, the schema is where this binary needs it, and the import's index is valid.
 * The reason it is not is given in words; a connection error's own text goes to the log alone.
 */
@Readiness
@ApplicationScoped
class SchemaReadiness implements AsyncHealthCheck {

    private static final Logger LOG = Logger.getLogger(SchemaReadiness.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String VERSION = """
            SELECT version FROM flyway_schema_history
             WHERE success AND version IS NOT NULL
             ORDER BY installed_rank DESC LIMIT 1
            """;

    private final Pool pool;
    private final ImportIndex index;

    SchemaReadiness(Pool pool, ImportIndex index) {
        this.pool = pool;
        this.index = index;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return pool.query(VERSION)
                .execute()
                .map(rows -> rows.size() == 0 ? "none" : rows.iterator().next().getString("version"))
                .chain(version -> index.problem().map(problem -> response(version, problem)))
                .ifNoItem()
                .after(PATIENCE)
                .fail()
                .onFailure()
                .invoke(failure -> LOG.debug("Not ready", failure))
                .onFailure()
                .recoverWithItem(() -> named().down()
                        .withData("reason", "the database does not answer")
                        .build());
    }

    private static HealthCheckResponse response(String version, Optional<String> problem) {
        var response = named().withData("schema_version", version).status(problem.isEmpty());
        problem.ifPresent(reason -> response.withData("reason", reason));
        return response.build();
    }

    private static HealthCheckResponseBuilder named() {
        return HealthCheckResponse.named("database schema");
    }
}
