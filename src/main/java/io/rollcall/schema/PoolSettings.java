package io.rollcall.schema;

import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What Quarkus leaves open on the reactive pool: a bounded queue (full answers 503 at once instead of everybody
 * waiting), a short wait for a connection, and a statement cache that takes statements of our length.
 */
@Singleton
final class PoolSettings implements PgPoolCreator {

    private static final int CACHED_STATEMENT_CHARACTERS = 8192;

    /** The database and the queue in front of its connections. */
    @ConfigMapping(prefix = "rollcall.database")
    interface Database {
        /** {@code postgresql://user:password@host:5432/db}; unset: an embedded server. Read before Quarkus starts. */
        Optional<String> url();

        /** Requests that may wait for a connection; one more is answered 503 with {@code Retry-After}. */
        @WithDefault("1000")
        int queueSize();

        /** How long a request waits for a connection before it is answered 503. */
        @WithDefault("5s")
        Duration queueTimeout();

        /** A statement that runs longer is cancelled by the server. */
        @WithDefault("30s")
        Duration statementTimeout();
    }

    private final Database database;

    PoolSettings(Database database) {
        this.database = database;
    }

    @Override
    public Pool create(Input input) {
        for (PgConnectOptions connect : input.pgConnectOptionsList()) {
            connect.setPreparedStatementCacheSqlLimit(CACHED_STATEMENT_CHARACTERS);
            connect.addProperty("application_name", "rollcall");
            String statementTimeout = Long.toString(database.statementTimeout().toMillis());
            connect.addProperty("statement_timeout", statementTimeout);
            connect.addProperty("idle_in_transaction_session_timeout", statementTimeout);
        }
        var options = input.poolOptions()
                .setMaxWaitQueueSize(database.queueSize())
                .setConnectionTimeout((int) database.queueTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.pool()
                .connectingTo(List.<SqlConnectOptions>copyOf(input.pgConnectOptionsList()))
                .with(options)
                .using(input.vertx())
                .build();
    }
}
