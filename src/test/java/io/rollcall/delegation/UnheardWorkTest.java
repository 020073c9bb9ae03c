package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Work that was taken and never heard of: judged by its callee's own beats, else by its deadline. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class UnheardWorkTest {

    @Inject
    Sweepers sweepers;

    private Team team;

    @BeforeEach
    void aTeam() {
        Api.emptyTheDatabase();
        team = Team.make("Acme");
        team.ask(",\"delegation_id\":\"taken\"").expect(201);
        team.claim("{}").expect(200);
        team.ask(",\"delegation_id\":\"waiting\"").expect(201);
    }

    @Test
    void ofACalleeThatNeverBeatTheDeadlineDecides() {
        assertEquals("{}", sweepers.one().sweep(Duration.ofHours(5)));
    }

    @Test
    void ofACalleeThatFellSilentItIsLostAndWhatNobodyTookWaitsOn() {
        beat("main");
        assertEquals("{}", sweepers.one().sweep(Duration.ofMinutes(9)));

        assertEquals("{LOST=1}", sweepers.one().sweep(Duration.ofMinutes(11)));

        assertEquals(
                List.of("taken|stuck", "waiting|queued"),
                Sql.rows("SELECT delegation_id, status FROM delegations ORDER BY id"));
        assertEquals(
                "1", Sql.one("SELECT count(*) FROM delegations WHERE error_detail LIKE 'no heartbeat for 1_ min%'"));
    }

    @Test
    void aCalleeThatIsHeardKeepsItsWork() {
        beat("main");
        Sql.run("UPDATE heartbeats SET beat_at = now() + interval '25 minutes'");

        assertEquals("{}", sweepers.one().sweep(Duration.ofMinutes(30)));
        assertEquals("{LOST=1}", sweepers.one().sweep(Duration.ofMinutes(36)));
    }

    @Test
    void onlyTheAgentThatTookItCountsWhereItSaidItsName() {
        team.claim("{\"agent_id\":\"second\"}").expect(200);
        beat("main");
        beat("second");
        Sql.run("UPDATE heartbeats SET beat_at = now() + interval '25 minutes' WHERE agent_id = 'main'");

        assertEquals("{LOST=1}", sweepers.one().sweep(Duration.ofMinutes(30)));
        assertEquals("waiting", Sql.one("SELECT delegation_id FROM delegations WHERE status = 'stuck'"));
    }

    @Test
    void whatWasReportedLatelyIsNotLostThoughItsCalleeFellSilentBefore() {
        beat("main");
        Sql.run("UPDATE heartbeats SET beat_at = now() - interval '1 hour'");

        assertEquals("{}", sweepers.one().sweep(Duration.ofMinutes(9)));
    }

    private void beat(String agent) {
        Call.post("/registry/heartbeat", "{\"workspace_id\":\"" + team.worker() + "\",\"agent_id\":\"" + agent + "\"}")
                .expect(200);
    }
}
