package io.rollcall.schema;

import io.rollcall.Misconfigured;
import io.rollcall.schema.Migrator.PutOff;
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
    private static final String NONE =
            "the database has no schema of ours: start once with ROLLCALL_DATABASE_MIGRATE=true";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Pool pool;
    private final Gate gate;
    private final Migrator migrator;
    private final ImportIndex index;
    private final LegacyTables legacy;

    SchemaReadiness(Pool pool, Gate gate, Migrator migrator, ImportIndex index, LegacyTables legacy) {
        this.pool = pool;
        this.gate = gate;
        this.migrator = migrator;
        this.index = index;
        this.legacy = legacy;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return SchemaVersion.read(pool)
                .chain(found -> problem(found).map(problem -> response(found, problem)))
                .ifNoItem()
                .after(PATIENCE)
                .fail()
                .onFailure()
                .invoke(failure -> LOG.debug("Not ready", failure))
                .onFailure(Misconfigured.class)
                .recoverWithItem(failure ->
                        named().down().withData("reason", failure.getMessage()).build())
                .onFailure()
                .recoverWithItem(() -> named().down()
                        .withData("reason", "the database does not answer")
                        .build());
    }

    private Uni<Optional<String>> problem(Optional<SchemaVersion> found) {
        Optional<String> ofSchema =
                found.isEmpty() ? Optional.of(NONE) : gate.refusal(found.get()).or(() -> behind(found.get()));
        return ofSchema.isPresent() ? Uni.createFrom().item(ofSchema) : index.problem();
    }

    private Optional<String> behind(SchemaVersion schema) {
        return schema.version().compareTo(gate.newest()) >= 0
                        || migrator.putOff().filter(PutOff::alone).isPresent()
                ? Optional.empty()
                : Optional.of("the schema is at " + schema.version() + ", this release needs " + gate.newest() + ": "
                        + migrator.putOff().map(PutOff::reason).orElse("migrate it"));
    }

    private HealthCheckResponse response(Optional<SchemaVersion> found, Optional<String> problem) {
        var response = named().status(problem.isEmpty());
        response.withData("schema_version", found.map(SchemaVersion::version).orElse("none"));
        if (!legacy.said().isEmpty()) {
            response.withData("legacy_tables", legacy.said());
        }
        problem.ifPresent(reason -> response.withData("reason", reason));
        migrator.putOff().ifPresent(put -> response.withData("migration_put_off", put.reason()));
        return response.build();
    }

    private static HealthCheckResponseBuilder named() {
        return HealthCheckResponse.named("database schema");
    }
}
