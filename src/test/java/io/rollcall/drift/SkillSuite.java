package io.rollcall.drift;

import static io.rollcall.drift.Drift.skill;
import static io.rollcall.drift.Drift.skillPings;
import static io.rollcall.drift.Drift.skills;
import static io.rollcall.drift.Drift.workspace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /workspaces/{id}/skill-pings}. */
abstract class SkillSuite {

    private String org;
    private String dev;

    @BeforeEach
    void aWorkspace() {
        Api.emptyTheDatabase();
        org = workspace("Acme", null);
        dev = workspace("Dev", org);
    }

    @Test
    void aSkillHasDriftedWhereAnotherAgentInstalledAnotherCommitLater() {
        skill(dev, "one", "review", "c1").expect(200);
        skill(dev, "one", "deploy", "d1").expect(200);
        Answer two = skill(dev, "two", "review", "c2").expect(200);

        assertEquals(
                "{\"agent_id\":\"two\",\"skill\":\"review\",\"commit\":\"c2\",\"installed_at\":\""
                        + two.get("installed_at")
                        + "\",\"age_seconds\":0,\"newest_commit\":\"c2\",\"drifted\":false,\"stale\":false}",
                two.text());
        assertEquals(
                List.of("one deploy d1 d1 false false", "one review c1 c2 true false", "two review c2 c2 false false"),
                skills(Call.get(skillPings(dev))));

        skill(dev, "one", "review", "c1").expect(200);

        assertEquals(
                List.of("one review c1 c1 false false", "two review c2 c1 true false"),
                skills(Call.get(skillPings(dev) + "?skill=review")));
        assertEquals(
                List.of("two review c2 c1 true false"),
                skills(Call.get(skillPings(dev) + "?agent_id=two&skill=review")));
    }

    @Test
    void aSkillIsStaleADayAfterItsInstallWhileItsAgentIsHeard() {
        for (String agent : List.of("fresh", "quiet", "stale", "unheard")) {
            skill(dev, agent, "s", "c").expect(200);
        }
        Sql.run(
                "UPDATE skill_installs SET installed_at = now() - interval '23 hours 59 minutes' WHERE agent_id = 'fresh'");
        Sql.run(
                "UPDATE skill_installs SET installed_at = now() - interval '24 hours 1 minute' WHERE agent_id <> 'fresh'");
        beat("fresh", 0);
        beat("quiet", 61);
        beat("stale", 59);

        assertEquals(
                List.of(
                        "fresh s c c false false",
                        "quiet s c c false false",
                        "stale s c c false true",
                        "unheard s c c false false"),
                skills(Call.get(skillPings(dev))));
        assertEquals(
                86_460,
                Call.get(skillPings(dev) + "?agent_id=stale")
                        .json()
                        .at("/items/0/age_seconds")
                        .asDouble(),
                5);
    }

    @Test
    void skillsArePagedAndThoseOfAnAgentAreKeptThatItInstalledLast() {
        for (int i = 0; i < SkillPing.MOST_SKILLS; i++) {
            Sql.run(
                    "INSERT INTO skill_installs (workspace_id, agent_id, skill, org_id, commit_hash, installed_at) VALUES"
                            + " (?::uuid, 'main', ?, ?::uuid, 'c', now() - make_interval(secs => ?))",
                    dev,
                    "s%03d".formatted(i),
                    org,
                    i + 1);
        }
        skill(dev, "main", "z", "c").expect(200);

        Answer first = Call.get(skillPings(dev) + "?limit=199").expect(200);
        Answer second = Call.get(skillPings(dev) + "?limit=199&cursor=" + first.get("next_cursor"));

        assertEquals(199, first.json().path("items").size());
        assertEquals(List.of("main z c c false false"), skills(second));
        assertTrue(second.json().path("next_cursor").isNull());
    }

    private void beat(String agent, int minutesAgo) {
        Sql.run(
                "INSERT INTO heartbeats (workspace_id, agent_id, org_id, beat_at) VALUES (?::uuid, ?, ?::uuid,"
                        + " now() - make_interval(mins => ?))",
                dev,
                agent,
                org,
                minutesAgo);
    }
}
