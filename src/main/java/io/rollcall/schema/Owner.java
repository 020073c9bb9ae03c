package io.rollcall.schema;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import io.rollcall.DatabaseUrl;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgConnectOptions;
import jakarta.inject.Singleton;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The role that owns the tables: it migrates, gives the serving role its rights, and builds the import's index again. With
 * {@code ROLLCALL_DATABASE_OWNER_URL} that is another role than the pool's, otherwise the same. Its connections are never
 * kept: each is opened for one piece of work and closed after it.
 */
@Singleton
final class Owner implements FlywayConfigurationCustomizer {

    private final Optional<DatabaseUrl> url;
    private final PoolSettings pool;
    private final Vertx vertx;

    Owner(PoolSettings.Database database, PoolSettings pool, Vertx vertx) {
        this.url = database.ownerUrl().map(DatabaseUrl::owner);
        this.pool = pool;
        this.vertx = vertx;
    }

    /** Whether it is a role of its own. */
    boolean isApart() {
        return url.isPresent();
    }

    @Override
    public void customize(FluentConfiguration configuration) {
        url.ifPresent(owner -> configuration.dataSource(owner.jdbc(), owner.user(), owner.password()));
    }

    <T> Uni<T> with(Function<SqlConnection, Uni<T>> work) {
        return PgConnection.connect(vertx, options())
                .chain(connection -> work.apply(connection).eventually(connection::close));
    }

    /** As the pool connects, but for what the owner's URL says; kept alive, since a build is silent for long. */
    private PgConnectOptions options() {
        PgConnectOptions options = pool.serving();
        options.setTcpKeepAlive(true);
        url.ifPresent(owner -> {
            PgConnectOptions own = PgConnectOptions.fromUri(owner.reactive());
            options.setHost(own.getHost())
                    .setPort(own.getPort())
                    .setDatabase(own.getDatabase())
                    .setSslMode(own.getSslMode())
                    .setUser(owner.user())
                    .setPassword(Objects.requireNonNullElse(owner.password(), ""));
        });
        return options;
    }
}
