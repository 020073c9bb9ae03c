package io.rollcall.schema;

import io.rollcall.SchemaTooNew;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Whether this binary may work with the schema that is there; asked before anything else at a start, and again while it
 * serves. The asking is a read-only transaction, so a binary that is too old leaves no trace: Flyway, which writes before
 * it compares (its callbacks, init SQL and repair do), is not even made before this has let the binary in.
 */
@ApplicationScoped
class Gate {

    private static final String READ_ONLY = "BEGIN READ ONLY";

    private final Pool pool;
    private final Owner owner;
    private final Release release;
    private final String newest = ExpectedSchema.load().version();

    Gate(Pool pool, Owner owner, @ConfigProperty(name = "quarkus.application.version") String version) {
        this.pool = pool;
        this.owner = owner;
        this.release = Release.of(version);
    }

    /** What the binary is to do about migrations. */
    enum Verdict {
        /** The schema is not newer than this binary. */
        MIGRATE,
        /** It is, and works with this binary: serve, and leave it alone. */
        LEAVE
    }

    /** Fails with {@link SchemaTooNew}. */
    Uni<Verdict> look() {
        return Patience.with(Uni.createFrom().deferred(this::found)).map(found -> {
            found.flatMap(this::refusal).ifPresent(refusal -> {
                throw new SchemaTooNew(refusal + ". Nothing was written");
            });
            return found.filter(schema -> schema.version().compareTo(newest) > 0)
                    .map(ahead -> Verdict.LEAVE)
                    .orElse(Verdict.MIGRATE);
        });
    }

    /** Why this binary must not go on; empty: it may. */
    Optional<String> refusal(SchemaVersion schema) {
        if (schema.admits(release, newest)) {
            return Optional.empty();
        }
        String why = schema.minimum().compareTo(release) > 0
                ? "needs release " + schema.minimum() + " or newer"
                : "says of none but its own release that it works with it (its migrations up to " + schema.declared()
                        + " do)";
        return Optional.of("the database's schema is at " + schema.version() + " and " + why + "; this is release "
                + release + ", which knows the schema up to " + newest
                + ". Start a newer release, or restore the database from before its migration");
    }

    Release release() {
        return release;
    }

    /** The newest migration of this binary. */
    String newest() {
        return newest;
    }

    /** As the owner: the serving role may have no rights yet. How to connect is known once the pool has connected. */
    private Uni<Optional<SchemaVersion>> found() {
        return pool.withConnection(connection -> owner.isApart() ? owner.with(Gate::found) : found(connection));
    }

    private static Uni<Optional<SchemaVersion>> found(SqlConnection connection) {
        return connection
                .query(READ_ONLY)
                .execute()
                .chain(() -> SchemaVersion.read(connection))
                .eventually(() -> end(connection));
    }

    private static Uni<Void> end(SqlConnection connection) {
        return connection.query("ROLLBACK").execute().replaceWithVoid();
    }
}
