package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code POST /delegations/reconcile}: an agent comes back. */
abstract class DelegationReconcileSuite {

    private Parties acme;
    private Parties beta;

    @BeforeEach
    void whatAnAgentRan() {
        Api.emptyTheDatabase();
        acme = Parties.make("Acme");
        beta = Parties.make("Beta");
        for (String id : List.of("kept", "fenced", "cancelled", "ended", "lost", "lost-progress", "of-other-agent")) {
            LedgerRows.insert(acme.org(), id, acme.lead(), acme.dev());
            LedgerRows.claim(id, id.equals("of-other-agent") ? "second" : "main");
        }
        Sql.run("UPDATE delegations SET attempt = attempt + 1, agent_id = 'second', event_actor = 't'"
                + " WHERE delegation_id = 'fenced'");
        LedgerRows.requestCancel("cancelled");
        LedgerRows.move("ended", "stuck");
        LedgerRows.move("lost-progress", "in_progress");
        LedgerRows.insert(acme.org(), "asked-by-it", acme.dev(), acme.lead());
        LedgerRows.insert(acme.org(), "between-others", acme.lead(), acme.other());
        LedgerRows.insert(beta.org(), "theirs", beta.lead(), beta.dev());
    }

    @Test
    void whatItRunsIsSortedInTheOrderSentAndWhatItLostIsNamed() {
        String running = running(
                "nobody's:1",
                "cancelled:1",
                "kept:1",
                "theirs:0",
                "ended:1",
                "fenced:1",
                "asked-by-it:0",
                "between-others:0");
        String expected = "{\"keep\":[\"kept\"],\"stop\":[\"cancelled\",\"fenced\",\"asked-by-it\"],"
                + "\"already_terminal\":[\"ended\"],\"unknown\":[\"nobody's\",\"theirs\",\"between-others\"],"
                + "\"unlisted\":[\"lost\",\"lost-progress\"]}";

        for (String token : List.of(acme.devToken(), acme.admin())) {
            assertEquals(
                    expected, reconcile(token, acme.dev(), running).expect(200).text());
        }
        String all = "SELECT md5(string_agg(d::text, '' ORDER BY id)) FROM delegations d";
        String before = Sql.one(all);
        LedgerRows.insert(beta.org(), "kept", beta.lead(), beta.dev());
        assertEquals(
                expected,
                Call.post("/delegations/reconcile", body(acme.dev(), running))
                        .expect(200)
                        .text(),
                "of the workspace's organisation, to the platform's admin too");
        assertEquals(
                before,
                Sql.one(
                        "SELECT md5(string_agg(d::text, '' ORDER BY id)) FROM delegations d WHERE org_id = ?::uuid"
                                + " OR delegation_id = 'theirs'",
                        acme.org()),
                "nothing is written");
    }

    @Test
    void nothingRunningIsSortedToo() {
        assertEquals(
                "{\"keep\":[],\"stop\":[],\"already_terminal\":[],\"unknown\":[],"
                        + "\"unlisted\":[\"kept\",\"cancelled\",\"lost\",\"lost-progress\"]}",
                reconcile(acme.devToken(), acme.dev(), "[]").expect(200).text());
    }

    @Test
    void whatIsNamedTwiceIsSortedTwice() {
        assertEquals(
                "[\"kept\",\"kept\"]",
                reconcile(acme.devToken(), acme.dev(), running("kept:1", "kept:1"))
                        .expect(200)
                        .json()
                        .path("keep")
                        .toString());
    }

    @Test
    void onlyForItsOwnWorkspaceAndNoReaders() {
        reconcile(acme.leadToken(), acme.dev(), "[]").expect(404);
        reconcile(acme.read(), acme.dev(), "[]").expect(403);
        Answer foreign = reconcile(beta.admin(), acme.dev(), "[]").expect(404);
        String nobody = UUID.randomUUID().toString();
        assertEquals(
                foreign.text().replace(acme.dev(), "id"),
                reconcile(beta.admin(), nobody, "[]").expect(404).text().replace(nobody, "id"));
        Call.of("DELETE", "/workspaces/" + acme.dev())
                .header("X-Confirm-Name", "Dev")
                .send()
                .expect(200);
        assertEquals(
                "REMOVED", reconcile(acme.admin(), acme.dev(), "[]").expect(410).code());
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() {
        Answer refused = Call.post(
                        "/delegations/reconcile",
                        "{\"agent_id\": \" \", \"workspace_id\": \"x\", \"running\": [1, {\"delegation_id\": \"a b\"},"
                                + " {\"delegation_id\": \"" + "i".repeat(201) + "\", \"attempt\": -1},"
                                + " {\"delegation_id\": \"a\\u0000\", \"attempt\": 1.5}]}")
                .expect(422);
        assertEquals(
                List.of(
                        "agent_id",
                        "workspace_id",
                        "running[0]",
                        "running[1].delegation_id",
                        "running[1].attempt",
                        "running[2].delegation_id",
                        "running[2].attempt",
                        "running[3].delegation_id",
                        "running[3].attempt"),
                refused.violations());
        assertEquals(
                List.of("agent_id", "workspace_id", "running"),
                Call.post("/delegations/reconcile", "{}").expect(422).violations());
        assertEquals(
                List.of("more"),
                reconcile(acme.admin(), acme.dev(), "[], \"more\": 1")
                        .expect(400)
                        .violations());
    }

    @Test
    void aThousandAreSortedAndNotOneMore() {
        String most =
                running(IntStream.range(0, 1000).mapToObj(i -> "x" + i + ":1").toArray(String[]::new));
        assertEquals(
                1000,
                reconcile(acme.admin(), acme.dev(), most)
                        .expect(200)
                        .json()
                        .path("unknown")
                        .size());
        String more =
                running(IntStream.range(0, 1001).mapToObj(i -> "x" + i + ":1").toArray(String[]::new));
        assertEquals(
                List.of("running"),
                reconcile(acme.admin(), acme.dev(), more).expect(422).violations());
    }

    private static String running(String... items) {
        return Stream.of(items)
                .map(item ->
                        "{\"delegation_id\":\"" + item.split(":")[0] + "\",\"attempt\":" + item.split(":")[1] + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static Answer reconcile(String token, String workspace, String running) {
        return Call.of("POST", "/delegations/reconcile")
                .as(token)
                .json(body(workspace, running))
                .send();
    }

    private static String body(String workspace, String running) {
        return "{\"agent_id\":\"main\",\"workspace_id\":\"" + workspace + "\",\"running\":" + running + "}";
    }
}
