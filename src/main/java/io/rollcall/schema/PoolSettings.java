package io.rollcall.schema;

import io.netty.handler.timeout.ReadTimeoutHandler;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;
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

    /** The server has cancelled a statement by its timeout; one that has not even said so after this is not there. */
    private static final Duration ANSWER_MARGIN = Duration.ofSeconds(5);

    /** The database and the queue in front of its connections. */
    @ConfigMapping(prefix = "rollcall.database")
    interface Database {
        /** {@code postgresql://user:password@host:5432/db}; unset: an embedded server. Read before Quarkus starts. */
        Optional<String> url();

        /** The same database by the role that owns the tables; unset: the role of {@link #url} does. */
        Optional<String> ownerUrl();

        /** Whether a start migrates; a job of its own may do it instead. */
        @WithDefault("true")
        boolean migrate();

        /** Whether this process serves, and says so in {@code instances}. A command that only looks does not. */
        @WithDefault("true")
        boolean serves();

        /** Requests that may wait for a connection; one more is answered 503 with {@code Retry-After}. */
        @WithDefault("1000")
        int queueSize();

        /** How long a request waits for a connection before it is answered 503. */
        @WithDefault("5s")
        Duration queueTimeout();

        /**
         * A statement that runs longer is cancelled by the server. A connection on which the server is silent for five
         * seconds more is given up, and so is one that is idle for as long.
         */
        @WithDefault("30s")
        Duration statementTimeout();
    }

    private final Database database;
    private volatile PgConnectOptions serving = new PgConnectOptions();

    PoolSettings(Database database) {
        this.database = database;
    }

    @Override
    public Pool create(Input input) {
        for (PgConnectOptions connect : input.pgConnectOptionsList()) {
            connect.setPreparedStatementCacheSqlLimit(CACHED_STATEMENT_CHARACTERS);
            connect.setPreparedStatementCacheSqlFilter(sql -> !sql.startsWith(PlannedEachTime.MARK));
            connect.addProperty("application_name", "rollcall");
            String statementTimeout = Long.toString(database.statementTimeout().toMillis());
            connect.addProperty("statement_timeout", statementTimeout);
            connect.addProperty("idle_in_transaction_session_timeout", statementTimeout);
            // A foreign key's check is planned once a session. Planned while the table has one page it reads the whole
            // table, and goes on so for each of the 10,000 rows that an import adds: 20 s instead of 0.3 s, measured.
            connect.addProperty("enable_seqscan", "off");
            // The price of a forbidden plan looks like a reason to compile; no statement here is worth compiling.
            connect.addProperty("jit", "off");
        }
        serving = input.pgConnectOptionsList().get(0);
        var options = input.poolOptions()
                .setMaxWaitQueueSize(database.queueSize())
                .setConnectionTimeout((int) database.queueTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS);
        return PgBuilder.pool()
                .connectingTo(List.<SqlConnectOptions>copyOf(input.pgConnectOptionsList()))
                .with(options)
                .withConnectHandler(this::giveUpWhenSilent)
                .using(input.vertx())
                .build();
    }

    /** How the pool connects, TLS included; a copy. Known once the pool is, which is before its first statement. */
    PgConnectOptions serving() {
        return new PgConnectOptions(serving);
    }

    /**
     * The server's half of a connection may vanish without a word: a failover, a frozen machine. Vert.x's own idle timeout
     * ends a connection with PostgreSQL's farewell and then waits for the server to hang up, for ever; as the first
     * handler this one closes the socket itself, and every request on it fails.
     */
    private void giveUpWhenSilent(SqlConnection connection) {
        if (((SqlConnectionInternal) connection).unwrap().unwrap() instanceof SocketConnectionBase socket) {
            long limit = database.statementTimeout().plus(ANSWER_MARGIN).toSeconds();
            socket.socket().channelHandlerContext().pipeline().addFirst(new ReadTimeoutHandler((int) limit));
        }
        connection.close();
    }
}
