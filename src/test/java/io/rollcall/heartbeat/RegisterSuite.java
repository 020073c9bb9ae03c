package io.rollcall.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Race;
import io.rollcall.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code POST /registry/register}. */
abstract class RegisterSuite {

    private Crew acme;
    private String fresh;

    @BeforeEach
    void anOrganisation() {
        Api.emptyTheDatabase();
        acme = Crew.make("Acme");
        fresh = Crew.child(acme.root(), "Fresh");
    }

    private static Answer register(String token, String workspace, String more) {
        return Crew.post(token, "/registry/register", "{\"id\":\"" + workspace + "\"" + more + "}");
    }

    @Test
    void theFirstRegistrationAnswersATokenThatWorksAndTheNextNone() {
        Answer first = register(
                        acme.admin(),
                        fresh,
                        ",\"url\":\"https://a\",\"agent_card\":{\"n\":1},\"delivery_mode\":\"poll\"")
                .expect(200);

        String token = first.get("auth_token");
        assertTrue(token.startsWith("rc_"), first.text());
        assertEquals(
                "registered online main poll",
                String.join(
                        " ",
                        first.get("status"),
                        first.get("workspace_status"),
                        first.get("agent_id"),
                        first.get("delivery_mode")));
        Answer again = register(token, fresh, "").expect(200);
        assertFalse(again.json().has("auth_token"), again.text());
        assertEquals("poll", again.get("delivery_mode"));
        assertEquals(
                "https://a|{\"n\": 1}|poll|t",
                Sql.one("SELECT url, agent_card, delivery_mode, registered_at IS NOT NULL FROM agent_states"));
        assertEquals("https://a", Call.get("/workspaces/" + fresh).get("url"));
        assertEquals("online", Crew.status(fresh));
        Crew.post(token, "/registry/heartbeat", "{\"workspace_id\":\"" + fresh + "\"}")
                .expect(200);
        assertEquals(
                "workspace.created,agent.registered,token.created,agent.registered",
                Sql.one(
                        "SELECT string_agg(action, ',' ORDER BY id) FROM audit_log WHERE target = ? OR target IN"
                                + " (SELECT id::text FROM tokens WHERE workspace_id = ?::uuid)",
                        fresh,
                        fresh));
    }

    @Test
    void aWorkspaceWhoseTokensAreRevokedGetsANewOne() {
        assertFalse(register(acme.admin(), acme.dev(), "").expect(200).json().has("auth_token"));
        String id = Sql.one("SELECT id FROM tokens WHERE workspace_id = ?::uuid", acme.dev());
        Call.of("DELETE", "/workspaces/" + acme.dev() + "/tokens/" + id).send().expect(204);

        assertTrue(register(acme.admin(), acme.dev(), "").expect(200).json().has("auth_token"));
    }

    @Test
    void ofManyAtOnceOneGetsTheToken() {
        var calls = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 16; i++) {
            String more = ",\"agent_id\":\"a" + i + "\"";
            calls.add(
                    () -> register(acme.admin(), fresh, more).expect(200).json().has("auth_token"));
        }
        assertEquals(1, Race.run(calls).stream().filter(got -> got).count());
        assertEquals("1", Sql.one("SELECT count(*) FROM tokens WHERE workspace_id = ?::uuid", fresh));
        assertEquals("16", Sql.one("SELECT count(*) FROM heartbeats WHERE workspace_id = ?::uuid", fresh));
    }

    @Test
    void aReplyThatGotLostCanBeHadAgainWithItsKeyAlone() {
        Callable<Answer> call = () -> Call.of("POST", "/registry/register")
                .as(acme.admin())
                .header("Idempotency-Key", "k")
                .json("{\"id\":\"" + fresh + "\"}")
                .send()
                .expect(200);
        List<Answer> answers = Race.run(List.of(call));
        Answer again = Race.run(List.of(call)).get(0);
        assertEquals(answers.get(0).text(), again.text());
        assertEquals("true", again.header("Idempotency-Replayed"));
    }

    @Test
    void whoMayNotActForTheWorkspaceFindsNone() {
        Crew other = Crew.make("Other");
        register(other.admin(), fresh, "").expect(404);
        register(acme.devToken(), fresh, "").expect(404);
        register(acme.admin(), Crew.UNKNOWN, "").expect(404);
        Call.of("POST", "/registry/register")
                .anonymous()
                .json("{\"id\":\"" + fresh + "\"}")
                .send()
                .expect(401);
        Crew.remove(fresh, "Fresh");
        assertEquals("REMOVED", register(acme.admin(), fresh, "").expect(410).code());
        assertEquals("0", Sql.one("SELECT count(*) FROM heartbeats"));
    }

    @Test
    void badFieldsAreNamed() {
        assertEquals(
                List.of("urll"),
                register(acme.admin(), fresh, ",\"urll\":1").expect(400).violations());
        assertEquals(
                List.of("id"),
                Crew.post(acme.admin(), "/registry/register", "{}").expect(422).violations());
        assertEquals(
                List.of("agent_card"),
                register(acme.admin(), fresh, ",\"agent_card\":\"" + "x".repeat(65_536) + "\"")
                        .expect(422)
                        .violations());
    }
}
