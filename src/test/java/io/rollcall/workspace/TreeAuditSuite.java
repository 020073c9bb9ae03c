package io.rollcall.workspace;

import static io.rollcall.workspace.Trees.child;
import static io.rollcall.workspace.Trees.root;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every mutation of the tree leaves exactly one audit row, and what is refused leaves none. */
abstract class TreeAuditSuite {

    private static final String ROWS = "SELECT action, actor, request_id, target, org_id FROM audit_log ORDER BY id";

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void creatingChangingMovingAndRemovingLeaveOneRowEachWithActorAndRequest() {
        String acme = as("r-1", "POST", "/workspaces", "{\"name\":\"Acme\"}")
                .expect(201)
                .id();
        String dev = as("r-2", "POST", "/workspaces", "{\"name\":\"Dev\",\"parent_id\":\"" + acme + "\"}")
                .id();
        String ops = as("r-3", "POST", "/workspaces", "{\"name\":\"Ops\",\"parent_id\":\"" + acme + "\"}")
                .id();
        as("r-4", "PATCH", "/workspaces/" + dev, "{\"tier\":2}").expect(200);
        as("r-5", "PATCH", "/workspaces/" + dev, "{\"parent_id\":\"" + ops + "\"}")
                .expect(200);
        Call.of("DELETE", "/workspaces/" + ops + "?confirm=true")
                .header("X-Request-Id", "r-6")
                .header("X-Confirm-Name", "Ops")
                .send()
                .expect(200);

        assertEquals(
                List.of(
                        "workspace.created|platform admin|r-1|" + acme + "|" + acme,
                        "workspace.created|platform admin|r-2|" + dev + "|" + acme,
                        "workspace.created|platform admin|r-3|" + ops + "|" + acme,
                        "workspace.changed|platform admin|r-4|" + dev + "|" + acme,
                        "workspace.moved|platform admin|r-5|" + dev + "|" + acme,
                        "workspace.removed|platform admin|r-6|" + ops + "|" + acme),
                Sql.rows(ROWS));
        assertEquals(
                List.of("{\"to\": \"" + ops + "\", \"from\": \"" + acme + "\"}", "{\"cascade_deleted\": 1}"),
                Sql.rows("SELECT detail FROM audit_log WHERE detail <> '{}' ORDER BY id"));
    }

    @Test
    void theRowBearsTheTimeOfTheMutationsTransaction() {
        root("Acme");

        assertEquals(1, Sql.count("SELECT count(*) FROM audit_log a JOIN workspaces w ON a.at = w.created_at"));
    }

    @Test
    void whatIsRefusedLeavesNoRow() {
        String acme = root("Acme");
        String dev = child(acme, "Dev");
        child(acme, "Ops");
        List<String> before = Sql.rows(ROWS);

        as("r", "POST", "/workspaces", "{\"name\":\"\"}").expect(422);
        as("r", "POST", "/workspaces", "{\"name\":\"A\",\"parent_id\":\"" + Trees.UNKNOWN + "\"}")
                .expect(404);
        as("r", "PATCH", "/workspaces/" + dev, "{\"nam\":\"A\"}").expect(400);
        as("r", "PATCH", "/workspaces/" + dev, "{\"name\":\"Ops\"}").expect(409);
        as("r", "PATCH", "/workspaces/" + acme, "{\"parent_id\":\"" + dev + "\"}")
                .expect(422);
        Call.of("PATCH", "/workspaces/" + dev)
                .header("If-Match", "\"7\"")
                .json("{\"tier\":2}")
                .send()
                .expect(412);
        Call.of("DELETE", "/workspaces/" + dev).send().expect(400);
        Trees.removal(acme, "Acme", "").send().expect(409);

        assertEquals(before, Sql.rows(ROWS));
    }

    private static Answer as(String requestId, String method, String path, String body) {
        return Call.of(method, path)
                .header("X-Request-Id", requestId)
                .json(body)
                .send();
    }
}
