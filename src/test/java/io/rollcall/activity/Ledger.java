package io.rollcall.activity;

import io.rollcall.Call;
import io.rollcall.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * An organisation of three workspaces, and delegations between them as the role that serves writes them: by plain SQL, the
 * rest being the triggers'.
 */
record Ledger(String root, String dev, String qa) {

    static final String UNKNOWN = "0198f0c0-0000-7000-8000-00000000dead";

    static Ledger make(String name) {
        String root = Call.post("/workspaces", "{\"name\":\"" + name + "\"}")
                .expect(201)
                .id();
        return new Ledger(root, child(root, "Dev"), child(root, "QA"));
    }

    static String child(String parent, String name) {
        return Call.post("/workspaces", "{\"name\":\"" + name + "\",\"parent_id\":\"" + parent + "\"}")
                .expect(201)
                .id();
    }

    static void remove(String workspace, String name) {
        Call.of("DELETE", "/workspaces/" + workspace)
                .header("X-Confirm-Name", name)
                .send()
                .expect(200);
    }

    static String agent(String workspace) {
        return Call.post("/workspaces/" + workspace + "/tokens", "{\"name\":\"agent\"}")
                .expect(201)
                .get("token");
    }

    String token(String scope) {
        return Call.post("/org/tokens", "{\"org_id\":\"" + root + "\",\"name\":\"t\",\"scope\":\"" + scope + "\"}")
                .expect(201)
                .get("token");
    }

    /** From {@code dev} to {@code qa}. */
    void delegate(String id) {
        delegate(id, dev, qa, 0);
    }

    void delegate(String id, String caller, String callee, int secondsAgo) {
        serve("""
                INSERT INTO delegations (org_id, delegation_id, caller_id, callee_id, task_preview, root_delegation_id,
                                         payload_sha256, event_actor, created_at)
                VALUES (?::uuid, ?, ?::uuid, ?::uuid, 'Do ' || ?, ?, sha256('t'), 'caller', now() - make_interval(secs => ?))
                """, root, id, caller, callee, id, id, secondsAgo);
    }

    /** To a status that is no end. */
    static void move(String id, String status) {
        serve("UPDATE delegations SET status = ?, event_actor = 'callee' WHERE delegation_id = ?", status, id);
    }

    static void complete(String id) {
        serve(COMPLETE, id);
    }

    static void serve(String sql, Object... values) {
        try (Connection connection = TestDatabase.connect()) {
            serve(connection, sql, values);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static final String COMPLETE = """
            UPDATE delegations SET status = 'completed', result_preview = 'Did ' || delegation_id, event_actor = 'callee'
             WHERE delegation_id = ?
            """;

    static void serve(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
