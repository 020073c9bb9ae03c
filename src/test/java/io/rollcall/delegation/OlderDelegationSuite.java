package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The older forms of reading: {@code /workspaces/{id}/delegations} and {@code /admin/delegations}. */
abstract class OlderDelegationSuite {

    private Parties acme;
    private Parties beta;

    @BeforeEach
    void someDelegations() {
        Api.emptyTheDatabase();
        acme = Parties.make("Acme");
        beta = Parties.make("Beta");
        LedgerRows.insert(acme.org(), "sent", acme.lead(), acme.dev());
        LedgerRows.insert(acme.org(), "received", acme.dev(), acme.lead());
        LedgerRows.insert(acme.org(), "between others", acme.dev(), acme.other());
        LedgerRows.insert(beta.org(), "theirs", beta.lead(), beta.dev());
    }

    @Test
    void aWorkspacesListIsAFlatArrayOfWhatItSentAndReceivedNewestFirst() {
        LedgerRows.move("sent", "failed");

        for (String token : List.of(acme.read(), acme.leadToken())) {
            JsonNode list = list(token, acme.lead()).json();
            assertEquals(2, list.size());
            JsonNode received = list.get(0);
            assertEquals(
                    "received received %s %s queued true".formatted(acme.dev(), acme.lead()),
                    "%s %s %s %s %s %s"
                            .formatted(
                                    received.path("delegation_id").asText(),
                                    received.path("direction").asText(),
                                    received.path("source_id").asText(),
                                    received.path("target_id").asText(),
                                    received.path("status").asText(),
                                    received.path("_ledger")));
            assertTrue(
                    !received.has("error")
                            && !received.has("response_preview")
                            && !received.has("last_heartbeat")
                            && received.has("deadline"),
                    received::toString);
            JsonNode sent = list.get(1);
            assertEquals(
                    "sent sent failed went wrong went wrong",
                    "%s %s %s %s %s"
                            .formatted(
                                    sent.path("delegation_id").asText(),
                                    sent.path("direction").asText(),
                                    sent.path("status").asText(),
                                    sent.path("error").asText(),
                                    sent.path("error_detail").asText()));
        }
    }

    @Test
    void previewsAreCutBetweenCharacters() {
        Sql.run("""
                INSERT INTO delegations (org_id, delegation_id, caller_id, callee_id, task_preview, payload_sha256,
                                         root_delegation_id, event_actor)
                VALUES (?::uuid, 'foxes', ?::uuid, ?::uuid, repeat('🦊', 500), sha256('x'), 'foxes', 'test')
                """, acme.org(), acme.lead(), acme.dev());
        Sql.run("UPDATE delegations SET status = 'completed', result_preview = repeat('é', 500), event_actor = 't'"
                + " WHERE delegation_id = 'foxes'");

        JsonNode row = list(acme.read(), acme.lead()).json().get(0);

        assertEquals("🦊".repeat(200), row.path("summary").asText());
        assertEquals("é".repeat(300), row.path("response_preview").asText());
    }

    @Test
    void aWorkspacesListHas50UnlessAskedForUpTo500() {
        IntStream.range(0, 60).forEach(i -> LedgerRows.insert(acme.org(), "d" + i, acme.lead(), acme.dev()));

        assertEquals(50, list(acme.read(), acme.lead()).json().size());
        assertEquals(
                62,
                list(acme.read(), acme.lead() + "/delegations?limit=500").json().size());
        assertEquals(
                List.of("limit"),
                Call.get("/workspaces/" + acme.lead() + "/delegations?limit=501")
                        .expect(400)
                        .violations());
    }

    @Test
    void ofWorkspacesOfOthersNothingIsShown() {
        String nobody = UUID.randomUUID().toString();
        assertEquals("[]", list(beta.read(), acme.lead()).text());
        assertEquals("[]", list(beta.read(), nobody).text());
        Parties.get(acme.devToken(), "/workspaces/" + acme.lead() + "/delegations")
                .expect(404);
        Parties.get(acme.read(), "/workspaces/x/delegations").expect(404);
    }

    @Test
    void theAdminsListSaysWhatItIsOf() {
        LedgerRows.move("sent", "completed");
        JsonNode usual =
                Parties.get(acme.admin(), "/admin/delegations").expect(200).json();
        assertEquals(
                "in_flight 2 100",
                "%s %s %s".formatted(usual.path("status").asText(), usual.path("count"), usual.path("limit")));
        assertEquals(
                "between others",
                usual.path("delegations").get(0).path("delegation_id").asText());

        JsonNode one = Parties.get(acme.admin(), "/admin/delegations?status=in_flight&limit=1")
                .expect(200)
                .json();
        assertEquals("1 1", one.path("count") + " " + one.path("limit"));
        assertEquals(25, one.path("delegations").get(0).size());
        assertEquals(
                1,
                Parties.get(acme.admin(), "/admin/delegations?status=completed")
                        .json()
                        .path("count")
                        .asInt());
        assertEquals(
                3,
                Call.get("/admin/delegations?limit=1000")
                        .expect(200)
                        .json()
                        .path("count")
                        .asInt());
    }

    @Test
    void anUnknownStatusIsAnsweredWithThoseThatThereAre() {
        Answer refused = Call.get("/admin/delegations?status=zombie").expect(400);

        assertEquals("zombie", refused.get("requested_status"));
        assertEquals(
                List.of(
                        "queued",
                        "dispatched",
                        "in_progress",
                        "completed",
                        "failed",
                        "stuck",
                        "in_flight",
                        "overdue",
                        "awaiting_reply"),
                StreamSupport.stream(refused.json().path("allowed").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList());
        assertEquals(
                List.of("limit"),
                Call.get("/admin/delegations?limit=1001").expect(400).violations());
    }

    @Test
    void statsHaveAllSixAlsoWhereThereIsNone() {
        assertEquals(
                "{\"queued\":3,\"dispatched\":0,\"in_progress\":0,\"completed\":0,\"failed\":0,\"stuck\":0}",
                stats(acme.admin()));
        LedgerRows.move("sent", "completed");
        LedgerRows.move("received", "stuck");
        Sql.run("UPDATE delegations SET status = 'stuck', outcome = 'lost', event_actor = 't'"
                + " WHERE delegation_id = 'between others'");
        LedgerRows.insert(acme.org(), "f", acme.lead(), acme.dev());
        LedgerRows.move("f", "failed");
        LedgerRows.insert(acme.org(), "p", acme.lead(), acme.dev());
        LedgerRows.move("p", "in_progress");
        assertEquals(
                "{\"queued\":0,\"dispatched\":0,\"in_progress\":1,\"completed\":1,\"failed\":1,\"stuck\":2}",
                stats(acme.admin()));
        assertEquals(
                "{\"queued\":1,\"dispatched\":0,\"in_progress\":1,\"completed\":1,\"failed\":1,\"stuck\":2}",
                Call.get("/admin/delegations/stats").expect(200).text());
    }

    @Test
    void readersAreNoAdmins() {
        for (String path : List.of("/admin/delegations", "/admin/delegations/stats")) {
            Parties.get(acme.read(), path).expect(403);
            Parties.get(acme.leadToken(), path).expect(403);
        }
    }

    private static String stats(String token) {
        return Parties.get(token, "/admin/delegations/stats").expect(200).text();
    }

    private static Answer list(String token, String workspace) {
        String path = workspace.contains("/") ? workspace : workspace + "/delegations";
        return Parties.get(token, "/workspaces/" + path).expect(200);
    }
}
