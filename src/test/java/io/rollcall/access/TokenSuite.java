package io.rollcall.access;

import static io.rollcall.access.Organisation.delete;
import static io.rollcall.access.Organisation.get;
import static io.rollcall.access.Organisation.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens: handing them out, showing them once, their end. */
abstract class TokenSuite {

    private static final String RANDOM = "00000000-0000-7000-8000-00000000abcd";

    private Organisation acme;

    @BeforeEach
    void twoOrganisations() {
        Api.emptyTheDatabase();
        acme = Organisation.make("Acme");
    }

    @Test
    void aTokenIsShownOnceAndItsHashIsAllThatIsKept() {
        Answer minted = post(acme.admin(), "/org/tokens", "{\"name\":\"canvas\",\"scope\":\"read\"}")
                .expect(201);

        String token = minted.get("token");
        assertEquals("no-store", minted.header("Cache-Control"));
        assertEquals("rc_org_" + minted.id().replace("-", ""), minted.get("prefix"));
        assertTrue(token.startsWith(minted.get("prefix") + "_"), token);
        assertEquals("read", minted.get("scope"));
        assertTrue(minted.json().path("expires_at").isNull());
        assertEquals(
                "t",
                Sql.one(
                        "SELECT sha256 = sha256(?::bytea) FROM tokens WHERE id = ?::uuid",
                        token.getBytes(),
                        minted.id()));
        Answer listed = get(acme.admin(), "/org/tokens").expect(200);
        assertEquals(List.of("canvas", "read", "write", "admin"), names(listed));
        assertFalse(listed.text().contains(token.substring(token.length() - 72)), listed.text());
        assertFalse(listed.text().contains("sha256"));
    }

    @Test
    void aTokenIsToldWhatItIs() {
        Answer mortal = post(
                        acme.admin(),
                        "/org/tokens",
                        "{\"name\":\"canvas\",\"scope\":\"read\",\"expires_at\":\"2036-01-01T00:00:00Z\"}")
                .expect(201);

        Answer own = get(mortal.get("token"), "/org/token").expect(200);
        Answer agents = get(acme.agent(), "/org/token").expect(200);

        assertEquals(
                "{\"kind\":\"organisation\",\"scope\":\"read\",\"org_id\":\"" + acme.root()
                        + "\",\"workspace_id\":null,\"name\":\"canvas\",\"prefix\":\"" + mortal.get("prefix")
                        + "\",\"expires_at\":\"2036-01-01T00:00:00.000Z\"}",
                own.text());
        assertEquals("workspace", agents.get("kind"));
        assertEquals("workspace", agents.get("scope"));
        assertEquals(acme.root(), agents.get("org_id"));
        assertEquals(acme.child(), agents.get("workspace_id"));
        assertTrue(agents.json().path("expires_at").isNull());
        assertEquals(
                "{\"kind\":\"platform\",\"scope\":\"admin\",\"org_id\":null,\"workspace_id\":null,"
                        + "\"name\":\"platform admin\",\"prefix\":null,\"expires_at\":null}",
                Call.get("/org/token").expect(200).text());
        assertEquals(
                "UNAUTHORIZED",
                Call.of("GET", "/org/token").anonymous().send().expect(401).code());
    }

    @Test
    void theListHasPages() {
        Answer first = get(acme.admin(), "/org/tokens?limit=2").expect(200);
        Answer second = get(acme.admin(), "/org/tokens?limit=2&cursor=" + first.get("next_cursor"))
                .expect(200);

        assertEquals(List.of("read", "write"), names(first));
        assertEquals(List.of("admin"), names(second));
        assertTrue(second.json().path("next_cursor").isNull());
    }

    @Test
    void thePlatformsAdminNamesTheOrganisationAndOthersHaveNoChoice() {
        Organisation other = Organisation.make("Other");

        Call.post("/org/tokens", "{\"name\":\"n\",\"scope\":\"read\"}").expect(422);
        assertEquals(List.of("org_id"), Call.get("/org/tokens").expect(400).violations());
        assertEquals(3, names(Call.get("/org/tokens?org_id=" + acme.root())).size());
        post(acme.admin(), "/org/tokens", "{\"org_id\":\"" + acme.root() + "\",\"name\":\"n\",\"scope\":\"read\"}")
                .expect(201);
        post(acme.admin(), "/org/tokens", "{\"org_id\":\"" + other.root() + "\",\"name\":\"n\",\"scope\":\"read\"}")
                .expect(404);
        get(acme.admin(), "/org/tokens?org_id=" + other.root()).expect(404);
        Call.post("/org/tokens", "{\"org_id\":\"" + acme.child() + "\",\"name\":\"n\",\"scope\":\"read\"}")
                .expect(404);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '!', textBlock = """
            {"scope":"read"}~422~name
            {"name":"","scope":"read"}~422~name
            {"name":"n"}~422~scope
            {"name":"n","scope":"owner"}~400~scope
            {"name":"n","scope":"workspace"}~400~scope
            {"name":"n","scope":"read","expires_at":"tomorrow"}~422~expires_at
            {"name":"n","scope":"read","expires_at":1}~422~expires_at
            {"name":"n","scope":"read","expires_at":"2026-01-01T00:00:00Z"}~422~expires_at
            {"name":"n","scope":"read","expires_at":"+99999-01-01T00:00:00Z"}~422~expires_at
            {"name":"n","scope":"read","overlap_seconds":1}~422~overlap_seconds
            {"name":"n","scope":"read","replaces":"00000000-0000-7000-8000-00000000abcd"}~422~replaces
            {"name":"n","scope":"read","token":"mine"}~400~token
            """)
    void badRequestsAreNamedAndNothingIsMinted(String body, int status, String field) {
        assertEquals(
                List.of(field),
                post(acme.admin(), "/org/tokens", body).expect(status).violations());
        assertEquals(3, names(get(acme.admin(), "/org/tokens")).size());
    }

    @ParameterizedTest
    @CsvSource({"write", "read", "agent"})
    void onlyAdminsHandOutAndTakeBackTokens(String scope) {
        String token = token(scope);
        String victim = Sql.one("SELECT id FROM tokens WHERE scope = 'read'");

        for (Answer refused : List.of(
                post(token, "/org/tokens", "{\"name\":\"n\",\"scope\":\"read\"}"),
                post(token, "/workspaces/" + acme.child() + "/tokens", "{\"name\":\"n\"}"),
                get(token, "/org/tokens"),
                get(token, "/workspaces/" + acme.child() + "/tokens"),
                delete(token, "/org/tokens/" + victim),
                delete(token, "/workspaces/" + acme.child() + "/tokens/" + victim))) {
            assertEquals("FORBIDDEN", refused.expect(403).code());
        }
    }

    @Test
    void scopesSayWhatATokenMayDo() {
        get(acme.read(), "/workspaces/" + acme.child()).expect(200);
        post(acme.read(), "/workspaces", "{\"name\":\"n\"}").expect(403);
        post(acme.read(), "/org/import", "{\"dir\":\"research-lab\"}").expect(403);
        post(acme.write(), "/workspaces", "{\"name\":\"n\"}").expect(201);
        get(acme.agent(), "/workspaces").expect(403);
        get(acme.agent(), "/workspaces/" + acme.child()).expect(200);
        assertEquals(
                get(acme.agent(), "/workspaces/" + RANDOM)
                        .expect(404)
                        .get("detail")
                        .replace(RANDOM, acme.root()),
                get(acme.agent(), "/workspaces/" + acme.root()).expect(404).get("detail"));
    }

    @Test
    void whatAnOrganisationsTokenMakesIsBelowItsRoot() {
        Answer made = post(acme.write(), "/workspaces", "{\"name\":\"Ops\"}").expect(201);
        Answer imported = post(
                        acme.write(),
                        "/org/import",
                        "{\"template\":{\"name\":\"T\",\"workspaces\":[{\"name\":\"QA\"}]}}")
                .expect(201);
        Answer export = get(acme.read(), "/org/export").expect(200);

        assertEquals(acme.root(), made.get("parent_id"));
        assertEquals(acme.root(), imported.json().at("/workspaces/0/parent_id").asText());
        assertEquals("Acme/QA", imported.json().at("/workspaces/0/path").asText());
        assertEquals("Acme", export.json().at("/workspaces/0/name").asText());
        assertEquals(
                "read (" + Sql.one("SELECT id FROM tokens WHERE name = 'write'") + ")",
                Sql.one(
                        "SELECT DISTINCT replace(actor, 'write', 'read') FROM audit_log WHERE action = 'workspace.created'"
                                + " AND target = ?",
                        made.id()));
    }

    @Test
    void aRevokedTokenIsRefusedAtOnceAndRevokingItAgainChangesNothing() {
        String id = Sql.one("SELECT id FROM tokens WHERE scope = 'read'");
        get(acme.read(), "/workspaces").expect(200);

        delete(acme.admin(), "/org/tokens/" + id).expect(204);

        assertEquals("UNAUTHORIZED", get(acme.read(), "/workspaces").expect(401).code());
        String then = Sql.one("SELECT revoked_at || ' ' || changed_at FROM tokens WHERE id = ?::uuid", id);
        delete(acme.admin(), "/org/tokens/" + id).expect(204);
        assertEquals(then, Sql.one("SELECT revoked_at || ' ' || changed_at FROM tokens WHERE id = ?::uuid", id));
        assertEquals(1, Sql.count("SELECT count(*) FROM audit_log WHERE action = 'token.revoked'"));
        assertEquals(List.of("write", "admin"), names(get(acme.admin(), "/org/tokens")));
    }

    @Test
    void aTokenIsRevokedWhereItBelongsOnly() {
        String ofOrganisation = Sql.one("SELECT id FROM tokens WHERE scope = 'read'");
        String ofWorkspace = Sql.one("SELECT id FROM tokens WHERE scope = 'workspace'");

        delete(acme.admin(), "/workspaces/" + acme.root() + "/tokens/" + ofOrganisation)
                .expect(404);
        delete(acme.admin(), "/org/tokens/" + ofWorkspace).expect(404);
        delete(acme.admin(), "/workspaces/" + acme.root() + "/tokens/" + ofWorkspace)
                .expect(404);
        delete(acme.admin(), "/workspaces/" + acme.child() + "/tokens/" + ofWorkspace)
                .expect(204);

        get(acme.read(), "/workspaces").expect(200);
        get(acme.agent(), "/workspaces/" + acme.child()).expect(401);
    }

    @Test
    void anExpiredTokenIsRefusedAlsoWhenItIsRemembered() {
        String token = post(
                        acme.admin(),
                        "/org/tokens",
                        "{\"name\":\"n\",\"scope\":\"read\",\"expires_at\":\""
                                + Sql.one(
                                        "SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1.2 s', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')")
                                + "\"}")
                .expect(201)
                .get("token");
        get(token, "/workspaces").expect(200);

        io.rollcall.Await.until(
                "it has expired", () -> get(token, "/workspaces").status() == 401);
        assertEquals("f", Sql.one("SELECT expires_at > now() FROM tokens WHERE name = 'n'"));
    }

    @Test
    void nobodyMintsATokenThatOutlivesHisOwn() {
        Answer mortal = post(
                        acme.admin(),
                        "/org/tokens",
                        "{\"name\":\"m\",\"scope\":\"admin\",\"expires_at\":\"2036-01-01T00:00:00Z\"}")
                .expect(201);
        String token = mortal.get("token");

        assertEquals(
                List.of("expires_at"),
                post(
                                token,
                                "/org/tokens",
                                "{\"name\":\"n\",\"scope\":\"read\",\"expires_at\":\"2036-01-01T00:00:01Z\"}")
                        .expect(422)
                        .violations());
        assertEquals(
                mortal.get("expires_at"),
                post(token, "/workspaces/" + acme.child() + "/tokens", "{\"name\":\"n\"}")
                        .expect(201)
                        .get("expires_at"));
    }

    @Test
    void aTokenIsReplacedWithAnOverlapInWhichBothWork() {
        String old = Sql.one("SELECT id FROM tokens WHERE scope = 'write'");

        Answer next = post(acme.admin(), "/org/tokens", "{\"replaces\":\"" + old + "\",\"overlap_seconds\":3600}")
                .expect(201);

        assertEquals("write", next.get("scope"));
        assertEquals("write", next.get("name"));
        assertNotEquals(old, next.id());
        assertEquals(
                "t|t",
                Sql.one(
                        "SELECT expires_at > now() + interval '59 minutes', expires_at < now() + interval '61 minutes'"
                                + " FROM tokens WHERE id = ?::uuid",
                        old));
        get(acme.write(), "/workspaces").expect(200);
        get(next.get("token"), "/workspaces").expect(200);
        post(acme.admin(), "/org/tokens", "{\"replaces\":\"" + old + "\",\"overlap_seconds\":0}")
                .expect(201);
        get(acme.write(), "/workspaces").expect(401);
    }

    @Test
    void aRepetitionUnderTheSameKeyShowsTheSameTokenToItsHolderOnly() {
        String body = "{\"name\":\"n\",\"scope\":\"read\"}";
        Answer first = keyed(acme.admin(), body).expect(201);
        Answer again = keyed(acme.admin(), body).expect(201);

        assertEquals(first.text(), again.text());
        assertEquals("true", again.header("Idempotency-Replayed"));
        assertEquals("no-store", again.header("Cache-Control"));
        assertEquals(
                0,
                Sql.count(
                        "SELECT count(*) FROM idempotency_keys WHERE position(?::bytea IN body) > 0",
                        "rc_org".getBytes()));
        Answer others = keyed(Organisation.token(acme.root(), "admin"), body).expect(201);
        assertNotEquals(first.get("token"), others.get("token"));
    }

    @Test
    void aRemovedWorkspacesTokensAreRevokedWithIt() {
        get(acme.agent(), "/workspaces/" + acme.child()).expect(200);

        Call.of("DELETE", "/workspaces/" + acme.root() + "?confirm=true")
                .header("X-Confirm-Name", "Acme")
                .send()
                .expect(200);

        assertEquals(0, Sql.count("SELECT count(*) FROM tokens WHERE revoked_at IS NULL"));
        for (String token : List.of(acme.agent(), acme.admin(), acme.write(), acme.read())) {
            io.rollcall.Await.until(
                    "it is refused",
                    KnownTokens.TRUSTED,
                    () -> get(token, "/workspaces/" + acme.child()).status() == 401);
        }
        Call.post("/workspaces/" + acme.child() + "/tokens", "{\"name\":\"n\"}").expect(410);
    }

    @ParameterizedTest
    @CsvSource({
        "UPDATE tokens SET revoked_at = NULL WHERE revoked_at IS NOT NULL,RC004",
        "UPDATE tokens SET expires_at = '2040-01-01' WHERE scope = 'read',RC004",
        "UPDATE tokens SET scope = 'admin' WHERE scope = 'read',RC004",
        "UPDATE tokens SET sha256 = decode(repeat('00'; 32); 'hex'),RC004",
        "UPDATE tokens SET expires_at = '2029-01-01' WHERE scope = 'read',accepted",
        "UPDATE workspaces SET status = 'removed'; removed_at = now() WHERE name = 'Dev',23503"
    })
    void theDatabaseLetsATokenOnlyEndEarlierAndItsWorkspaceOnlyGoWithoutIt(String sql, String outcome) {
        String id = post(
                        acme.admin(),
                        "/org/tokens",
                        "{\"name\":\"n\",\"scope\":\"read\",\"expires_at\":\"2030-01-01T00:00:00Z\"}")
                .id();
        delete(acme.admin(), "/org/tokens/" + Sql.one("SELECT id FROM tokens WHERE scope = 'write'"))
                .expect(204);
        Sql.run(
                "UPDATE tokens SET expires_at = '2030-01-01', changed_at = now() WHERE scope = 'read' AND id <> ?::uuid",
                id);

        assertEquals(outcome, Sql.refusal(sql.replace(';', ',')));
    }

    private Answer keyed(String token, String body) {
        return Call.of("POST", "/org/tokens")
                .as(token)
                .header("Idempotency-Key", "k-1")
                .json(body)
                .send();
    }

    private String token(String scope) {
        return switch (scope) {
            case "write" -> acme.write();
            case "read" -> acme.read();
            default -> acme.agent();
        };
    }

    private static List<String> names(Answer page) {
        return StreamSupport.stream(page.expect(200).json().path("items").spliterator(), false)
                .map(item -> item.path("name").asText())
                .toList();
    }
}
