package io.rollcall.drift;

import static io.rollcall.drift.Drift.A;
import static io.rollcall.drift.Drift.B;
import static io.rollcall.drift.Drift.WAITING;
import static io.rollcall.drift.Drift.files;
import static io.rollcall.drift.Drift.numbered;
import static io.rollcall.drift.Drift.ping;
import static io.rollcall.drift.Drift.pings;
import static io.rollcall.drift.Drift.places;
import static io.rollcall.drift.Drift.remove;
import static io.rollcall.drift.Drift.shas;
import static io.rollcall.drift.Drift.skill;
import static io.rollcall.drift.Drift.skillPings;
import static io.rollcall.drift.Drift.skills;
import static io.rollcall.drift.Drift.want;
import static io.rollcall.drift.Drift.workspace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What files and skills have in common: whose they are, and what ends them. */
abstract class DriftSuite {

    private static final String UNKNOWN = "0198f0c0-0000-7000-8000-00000000dead";

    private String org;
    private String dev;

    @BeforeEach
    void aWorkspace() {
        Api.emptyTheDatabase();
        org = workspace("Acme", null);
        dev = workspace("Dev", org);
    }

    @Test
    void twoOrganisationsWithTheSameAgentAndPathNeverTouchEachOther() {
        String other = workspace("Dev", workspace("Umbrella", null));
        want(dev, "\"a\":\"" + A + "\"").expect(200);
        want(other, "\"a\":\"" + B + "\"").expect(200);
        ping(dev, "main", "\"a\":\"" + A + "\"").expect(200);
        ping(other, "main", "\"a\":\"" + A + "\"").expect(200);
        skill(dev, "main", "review", "old").expect(200);
        skill(other, "main", "review", "new").expect(200);

        assertEquals("false", Call.get(pings(dev)).expect(200).get("has_drift"));
        assertEquals("true", Call.get(pings(other)).expect(200).get("has_drift"));
        assertEquals(List.of("main review old old false false"), skills(Call.get(skillPings(dev))));
        assertEquals(List.of("main review new new false false"), skills(Call.get(skillPings(other))));

        want(other, "").expect(200);
        ping(other, "main", "\"a\":\"" + B + "\"").expect(200);
        remove(other, "Dev");

        assertEquals(List.of("main a"), places(Call.get(pings(dev)).expect(200)));
        assertEquals("a a", shas(Call.get(pings(dev))));
        assertEquals(List.of("main review old old false false"), skills(Call.get(skillPings(dev))));
    }

    @Test
    void theLimitsAreNamedAndWhatReachesThemIsTaken() {
        String longest = "p".repeat(500);
        want(dev, "\"" + longest + "\":\"" + A + "\"").expect(200);
        want(dev, numbered(0, FileHashes.MOST)).expect(200);
        skill(dev, "a".repeat(200), "s".repeat(200), "c".repeat(100)).expect(200);

        assertSays("at most 500 characters, has 501", want(dev, "\"" + longest + "p\":\"" + A + "\""));
        assertSays("0 to 200 entries, has 201", want(dev, numbered(0, FileHashes.MOST + 1)));
        assertSays("1 to 200 entries, has 201", ping(dev, "main", numbered(0, FileHashes.MOST + 1)));
        assertSays("at most 200 characters, has 201", ping(dev, "a".repeat(201), "\"a\":\"" + A + "\""));
        assertSays("at most 200 characters, has 201", skill(dev, "a", "s".repeat(201), "c"));
        assertSays("at most 100 characters, has 101", skill(dev, "a", "s", "c".repeat(101)));
        assertSays("1 to 100 visible characters", skill(dev, "a", "s", "c d"));
        assertSays("1 to 100 visible characters", skill(dev, "a", "s", ""));
        assertEquals(
                List.of("skill", "commit"),
                Call.post(skillPings(dev), "{}").expect(422).violations());
        assertEquals(
                List.of("sha"),
                Call.post(skillPings(dev), "{\"skill\":\"s\",\"commit\":\"c\",\"sha\":\"c\"}")
                        .expect(400)
                        .violations());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bootstrap-pings?agent_id=%01",
                "bootstrap-pings?drift=yes",
                "bootstrap-pings?cursor=YQ",
                "bootstrap-pings?limit=501",
                "skill-pings?agent_id=%20",
                "skill-pings?skill=%00",
                "skill-pings?cursor=x"
            })
    void badParametersAreRefused(String path) {
        Call.get("/workspaces/" + dev + "/" + path).expect(400);
    }

    @Test
    void anAgentReportsAndReadsForItsOwnWorkspaceAlone() {
        String agent = Call.post("/workspaces/" + dev + "/tokens", "{\"name\":\"agent\"}")
                .expect(201)
                .get("token");
        String ping = "{\"files\":{\"a\":\"" + A + "\"}}";
        String skill = "{\"skill\":\"s\",\"commit\":\"c\"}";
        for (String workspace : List.of(org, UNKNOWN)) {
            for (String path : List.of(files(workspace), pings(workspace), skillPings(workspace))) {
                Call.of("GET", path).as(agent).send().expect(404);
            }
            Call.of("POST", pings(workspace)).as(agent).json(ping).send().expect(404);
            Call.of("POST", skillPings(workspace)).as(agent).json(skill).send().expect(404);
        }
        for (String path : List.of(files(dev), pings(dev), skillPings(dev))) {
            Call.of("GET", path).as(agent).send().expect(200);
        }
        Call.of("POST", pings(dev)).as(agent).json(ping).send().expect(200);
        Call.of("POST", skillPings(dev)).as(agent).json(skill).send().expect(200);
        Call.of("PUT", files(dev)).as(agent).json(ping).send().expect(403);
    }

    @Test
    void whatIsKnownOfAWorkspaceGoesWithItAndItsNeighboursKeepTheirs() {
        for (String workspace : List.of(org, dev)) {
            want(workspace, "\"a\":\"" + A + "\"").expect(200);
            ping(workspace, "main", "\"a\":\"" + A + "\"").expect(200);
            skill(workspace, "main", "s", "c").expect(200);
        }
        remove(dev, "Dev");

        for (Answer answer : List.of(
                Call.get(files(dev)),
                Call.get(pings(dev)),
                Call.get(skillPings(dev)),
                want(dev, ""),
                ping(dev, "main", "\"a\":\"" + A + "\""),
                skill(dev, "main", "s", "c"))) {
            assertEquals("REMOVED", answer.expect(410).code());
        }
        for (String table : List.of("bootstrap_files", "bootstrap_pings", "skill_installs")) {
            assertEquals(List.of(org), Sql.rows("SELECT workspace_id FROM " + table), table);
        }
        want(UNKNOWN, "").expect(404);
        ping(UNKNOWN, "main", "\"a\":\"" + A + "\"").expect(404);
    }

    /** It waits for the removal, and then finds no workspace to write for. */
    @Test
    void aReportThatMeetsARemovalLeavesNothingBehind() throws Exception {
        try (Connection removal = TestDatabase.connectAsOwner();
                Superuser watch = Superuser.connect()) {
            removal.setAutoCommit(false);
            removal.createStatement()
                    .execute("UPDATE workspaces SET status = 'removed', removed_at = now() WHERE id = '" + dev + "'");
            var report = CompletableFuture.supplyAsync(() -> ping(dev, "main", "\"a\":\"" + A + "\""));
            Await.until("it waits", () -> watch.number(WAITING.formatted("bootstrap_pings")) == 1);
            removal.commit();

            report.get().expect(410);
            assertEquals(0, Sql.count("SELECT count(*) FROM bootstrap_pings"));
        }
    }

    private static void assertSays(String message, Answer refused) {
        assertTrue(refused.expect(422).get("detail").contains(message), refused.text());
    }
}
