package bench;

import java.io.Closeable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The same rows written by hand, one transaction a step, on copies of the tables with all their indexes and constraints, but
 * no triggers and no policies. No HTTP, no JSON, no tokens, no look at caller and callee: SQL alone. Each connection is a
 * thread's, and every statement stays prepared.
 */
final class LedgerByHand implements Closeable {

    static final int CONNECTIONS = 16;

    private static final List<String> TABLES = List.of(
            "delegations", "delegation_payloads", "delegation_beats", "delegation_events", "activity_logs", "inboxes",
            "inbox_messages");

    private static final String ACTOR = "agent (01940000-0000-7000-8000-000000000001)";

    private static final String INSERT = """
            INSERT INTO delegations (delegation_id, org_id, caller_id, callee_id, task_preview, root_delegation_id,
                                     payload_sha256, event_actor)
            VALUES (?, ?, ?, ?, ?, ?, sha256(convert_to(?, 'UTF8')), ?)
            """;
    private static final String TAKE = """
            SELECT id FROM delegations WHERE callee_id = ? AND status = 'queued' AND finished_at IS NULL
             ORDER BY id LIMIT ? FOR NO KEY UPDATE SKIP LOCKED
            """;
    private static final String CLAIM = """
            UPDATE delegations d SET status = 'dispatched', attempt = d.attempt + 1, event_kind = 'transition',
                   event_from = 'queued', event_actor = ?, event_reason = 'claimed', updated_at = clock_timestamp()
            """;
    private static final String START = """
            UPDATE delegations SET status = 'in_progress', event_kind = 'transition', event_from = status,
                   event_actor = ?, event_reason = NULL, updated_at = clock_timestamp()
             WHERE delegation_id = ? AND org_id = ? AND callee_id = ? AND attempt = ? AND status IN ('queued', 'dispatched')
            """;
    private static final String COMPLETE = """
            UPDATE delegations SET status = 'completed', finished_at = clock_timestamp(), result_preview = ?,
                   event_kind = 'transition', event_from = status, event_actor = ?, event_reason = NULL,
                   updated_at = clock_timestamp()
             WHERE delegation_id = ? AND org_id = ? AND callee_id = ? AND attempt = ? AND finished_at IS NULL
            """;
    private static final String EVENT =
            "INSERT INTO delegation_events (delegation, org_id, kind, from_status, to_status, actor, attempt, reason, at)";
    private static final String ACTIVITY = "INSERT INTO activity_logs (org_id, workspace_id, target_id, type, method,"
            + " delegation_id, status, summary, actor, created_at)";
    private static final String BOTH = "e AS (" + EVENT + " SELECT c.id, c.org_id, 'transition', c.event_from, c.status,"
            + " c.event_actor, c.attempt, c.event_reason, c.updated_at FROM c), a AS (" + ACTIVITY
            + " SELECT c.org_id, c.caller_id, c.callee_id, 'delegation', '%s', c.delegation_id, c.status, left(%s, 200),"
            + " c.event_actor, c.updated_at FROM c)";
    private static final String INBOX = "INSERT INTO inboxes AS i (workspace_id, org_id, last_seq)";
    private static final String ONE_MORE = " ON CONFLICT (workspace_id) DO UPDATE SET last_seq = i.last_seq + 1 RETURNING";

    private static final String CREATE_AT_ONCE = "WITH c AS (" + INSERT + " RETURNING *),"
            + " p AS (INSERT INTO delegation_payloads SELECT c.id, 'task', c.org_id, ? FROM c),"
            + " b AS (INSERT INTO delegation_beats (delegation, org_id) SELECT c.id, c.org_id FROM c), "
            + BOTH.formatted("delegate", "c.task_preview") + " SELECT c.id, c.created_at, c.deadline FROM c";
    private static final String CLAIM_AT_ONCE = "WITH t AS MATERIALIZED (" + TAKE + "), c AS (" + CLAIM
            + " FROM t WHERE d.id = t.id RETURNING d.*), " + BOTH.formatted("delegate_status", "c.event_reason")
            + " SELECT c.delegation_id, c.attempt, p.body FROM c JOIN delegation_payloads p ON p.delegation = c.id"
            + " AND p.kind = 'task'";
    private static final String START_AT_ONCE = "WITH c AS (" + START + " RETURNING *), "
            + BOTH.formatted("delegate_status", "c.event_reason") + " SELECT c.id, c.updated_at FROM c";
    private static final String COMPLETE_AT_ONCE = "WITH c AS (" + COMPLETE + " RETURNING *),"
            + " b AS (DELETE FROM delegation_beats g USING c WHERE g.delegation = c.id),"
            + " p AS (INSERT INTO delegation_payloads SELECT c.id, 'result', c.org_id, ? FROM c), "
            + BOTH.formatted("delegate_result", "c.result_preview")
            + ", i AS (" + INBOX + " SELECT c.caller_id, c.org_id, 1 FROM c" + ONE_MORE + " i.workspace_id, i.last_seq),"
            + " m AS (INSERT INTO inbox_messages SELECT c.caller_id, i.last_seq, c.org_id, c.id, c.finished_at"
            + " FROM c JOIN i ON i.workspace_id = c.caller_id)"
            + " SELECT c.id, c.finished_at FROM c";

    private final List<Worker> workers = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);

    LedgerByHand(Database database, List<Teams.Pair> pairs) throws Exception {
        database.execute("CREATE SCHEMA hand");
        for (String table : TABLES) {
            database.execute("CREATE TABLE hand." + table + " (LIKE public." + table + " INCLUDING ALL)");
        }
        for (String half : List.of("delegation_beats", "inboxes")) {
            database.execute("ALTER TABLE hand." + half + " SET (fillfactor = 50)");
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            workers.add(new Worker(database.connect("hand"), pairs.get(i)));
        }
    }

    /** @param atOnce each step as one statement; otherwise as several, each awaited */
    LifeCycle.Tally run(long nanos, int batch, boolean atOnce) throws Exception {
        long until = System.nanoTime() + nanos;
        var jobs = new ArrayList<Callable<LifeCycle.Tally>>();
        for (Worker worker : workers) {
            jobs.add(() -> worker.run(until, batch, atOnce));
        }
        var all = new LifeCycle.Tally();
        for (Future<LifeCycle.Tally> job : threads.invokeAll(jobs)) {
            LifeCycle.Tally one = job.get();
            all.completed += one.completed;
            one.latencies.forEach((step, latencies) -> all.latencies.get(step).addAll(latencies));
        }
        return all;
    }

    private static final class Worker {
        private final Connection connection;
        private final Map<String, PreparedStatement> statements = new HashMap<>();
        private final UUID organisation;
        private final UUID caller;
        private final UUID callee;

        Worker(Connection connection, Teams.Pair pair) {
            this.connection = connection;
            organisation = UUID.fromString(pair.organisation());
            caller = UUID.fromString(pair.caller());
            callee = UUID.fromString(pair.callee());
        }

        LifeCycle.Tally run(long until, int batch, boolean atOnce) throws SQLException {
            connection.setAutoCommit(atOnce);
            var tally = new LifeCycle.Tally();
            while (System.nanoTime() < until) {
                for (int i = 0; i < batch; i++) {
                    timed(tally, LifeCycle.Step.CREATE, () -> create(atOnce));
                }
                var taken = new ArrayList<Object[]>();
                timed(tally, LifeCycle.Step.CLAIM, () -> taken.addAll(claim(batch, atOnce)));
                for (Object[] one : taken) {
                    timed(tally, LifeCycle.Step.START, () -> start(one, atOnce));
                }
                for (Object[] one : taken) {
                    timed(tally, LifeCycle.Step.COMPLETE, () -> complete(one, atOnce));
                    tally.completed++;
                }
            }
            return tally;
        }

        private interface Work {
            void run() throws SQLException;
        }

        private void timed(LifeCycle.Tally tally, LifeCycle.Step step, Work work) throws SQLException {
            long begin = System.nanoTime();
            work.run();
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
            tally.latencies.get(step).add(System.nanoTime() - begin);
        }

        private void create(boolean atOnce) throws SQLException {
            String id = UUID.randomUUID().toString();
            Object[] row = {id, organisation, caller, callee, LifeCycle.TASK, id, LifeCycle.TASK, ACTOR};
            if (atOnce) {
                Object[] all = java.util.Arrays.copyOf(row, row.length + 1);
                all[row.length] = LifeCycle.TASK;
                one(CREATE_AT_ONCE, all);
                return;
            }
            Object[] made = one(INSERT + " RETURNING id, created_at, deadline", row);
            run("INSERT INTO delegation_payloads VALUES (?, 'task', ?, ?)", made[0], organisation, LifeCycle.TASK);
            run("INSERT INTO delegation_beats (delegation, org_id) VALUES (?, ?)", made[0], organisation);
            event(made[0], null, "queued", 0L, null);
            activity(id, "delegate", "queued", LifeCycle.TASK);
        }

        private List<Object[]> claim(int batch, boolean atOnce) throws SQLException {
            if (atOnce) {
                return rows(CLAIM_AT_ONCE, callee, batch, ACTOR);
            }
            List<Object[]> taken = rows(
                    CLAIM + " WHERE d.id = ANY (ARRAY(" + TAKE + ")) RETURNING d.delegation_id, d.attempt, d.id",
                    ACTOR, callee, batch);
            for (Object[] one : taken) {
                one("SELECT body FROM delegation_payloads WHERE delegation = ? AND kind = 'task'", one[2]);
                event(one[2], "queued", "dispatched", one[1], "claimed");
                activity((String) one[0], "delegate_status", "dispatched", "claimed");
            }
            return taken;
        }

        private void start(Object[] taken, boolean atOnce) throws SQLException {
            Object[] row = {ACTOR, taken[0], organisation, callee, taken[1]};
            if (atOnce) {
                one(START_AT_ONCE, row);
                return;
            }
            Object[] started = one(START + " RETURNING id, updated_at", row);
            event(started[0], "dispatched", "in_progress", taken[1], null);
            activity((String) taken[0], "delegate_status", "in_progress", null);
        }

        private void complete(Object[] taken, boolean atOnce) throws SQLException {
            String json = '"' + LifeCycle.RESULT + '"';
            if (atOnce) {
                one(COMPLETE_AT_ONCE, LifeCycle.RESULT, ACTOR, taken[0], organisation, callee, taken[1], json);
                return;
            }
            Object[] ended = one(
                    COMPLETE + " RETURNING id, finished_at",
                    LifeCycle.RESULT, ACTOR, taken[0], organisation, callee, taken[1]);
            run("DELETE FROM delegation_beats WHERE delegation = ?", ended[0]);
            run("INSERT INTO delegation_payloads VALUES (?, 'result', ?, ?)", ended[0], organisation, json);
            event(ended[0], "in_progress", "completed", taken[1], null);
            activity((String) taken[0], "delegate_result", "completed", LifeCycle.RESULT);
            Object[] inbox = one(INBOX + " VALUES (?, ?, 1)" + ONE_MORE + " i.last_seq", caller, organisation);
            run("INSERT INTO inbox_messages VALUES (?, ?, ?, ?, now())", caller, inbox[0], organisation, ended[0]);
        }

        private void event(Object id, String from, String to, Object attempt, String reason) throws SQLException {
            run(
                    EVENT + " VALUES (?, ?, 'transition', ?, ?, ?, ?, ?, clock_timestamp())",
                    id, organisation, from, to, ACTOR, attempt, reason);
        }

        private void activity(String id, String method, String status, String summary) throws SQLException {
            run(
                    ACTIVITY + " VALUES (?, ?, ?, 'delegation', ?, ?, ?, ?, ?, clock_timestamp())",
                    organisation, caller, callee, method, id, status, summary, ACTOR);
        }

        private PreparedStatement bound(String sql, Object... values) throws SQLException {
            PreparedStatement statement = statements.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                statements.put(sql, statement);
            }
            for (int i = 0; i < values.length; i++) {
                if (values[i] == null) {
                    statement.setNull(i + 1, java.sql.Types.VARCHAR);
                } else {
                    statement.setObject(i + 1, values[i]);
                }
            }
            return statement;
        }

        private void run(String sql, Object... values) throws SQLException {
            bound(sql, values).executeUpdate();
        }

        private Object[] one(String sql, Object... values) throws SQLException {
            List<Object[]> rows = rows(sql, values);
            if (rows.size() != 1) {
                throw new IllegalStateException(rows.size() + " rows by " + sql);
            }
            return rows.get(0);
        }

        private List<Object[]> rows(String sql, Object... values) throws SQLException {
            var all = new ArrayList<Object[]>();
            try (ResultSet rows = bound(sql, values).executeQuery()) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    var row = new Object[columns];
                    for (int i = 0; i < columns; i++) {
                        row[i] = rows.getObject(i + 1);
                    }
                    all.add(row);
                }
            }
            return all;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        for (Worker worker : workers) {
            try {
                worker.connection.close();
            } catch (SQLException e) {
                System.err.println("not closed cleanly: " + e);
            }
        }
    }
}
