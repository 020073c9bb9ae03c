package io.rollcall.proof;

import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/** What happens before and after each statement of a migration, in Flyway's own thread and on its connection. */
abstract class StatementCallback implements Callback {

    /** How many statements of the migration have been executed. */
    private int done;

    abstract void before(int done, String statement, Connection connection) throws Exception;

    abstract void after(int done, String statement, Connection connection) throws Exception;

    /** After the last statement, before the commit. */
    void last(int done) throws Exception {}

    /** The migration is committed; Flyway still holds its lock. */
    void committed() throws Exception {}

    static int backend(Connection connection) throws SQLException {
        return connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
    }

    @Override
    public final boolean supports(Event event, Context context) {
        return switch (event) {
            case BEFORE_EACH_MIGRATE_STATEMENT, AFTER_EACH_MIGRATE_STATEMENT, AFTER_EACH_MIGRATE, AFTER_MIGRATE -> true;
            default -> false;
        };
    }

    @Override
    public final boolean canHandleInTransaction(Event event, Context context) {
        return true;
    }

    @Override
    public final void handle(Event event, Context context) {
        try {
            switch (event) {
                case BEFORE_EACH_MIGRATE_STATEMENT ->
                    before(done, context.getStatement().getSql(), context.getConnection());
                case AFTER_EACH_MIGRATE_STATEMENT -> {
                    done++;
                    after(done, context.getStatement().getSql(), context.getConnection());
                }
                case AFTER_EACH_MIGRATE -> last(done);
                case AFTER_MIGRATE -> committed();
                default -> {}
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public final String getCallbackName() {
        return getClass().getSimpleName();
    }
}
