package io.rollcall.heartbeat;

import static io.rollcall.heartbeat.Fleet.beat;
import static io.rollcall.heartbeat.Fleet.end;
import static io.rollcall.heartbeat.Fleet.incident;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is old of heartbeats is forgotten, and nothing else is. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class HeartbeatRetentionTest {

    private static final int DAY = 86_400;

    @Inject
    HeartbeatRetention retention;

    private Fleet acme;

    @BeforeEach
    void anOrganisation() {
        Api.emptyTheDatabase();
        acme = Fleet.make("Acme");
    }

    @Test
    void incidentsGoAWhileAfterTheirEndAndOpenOnesAfterTheirBeginning() {
        end(incident(acme.dev(), "long over", 95), 91);
        end(incident(acme.dev(), "over lately", 95), 89);
        incident(acme.dev(), "open for long", 91);
        incident(acme.dev(), "open", 89);
        end(incident(acme.dev(), "over", 89), 1);

        forget(null, 2);

        assertEquals(List.of("over lately", "open", "over"), Sql.rows("SELECT agent_id FROM incidents ORDER BY id"));
    }

    @Test
    void agentsGoWhenTheyWereNotHeardForLongOrTheirWorkspaceIsGoneWithWhatTheySaid() {
        String gone = Fleet.child(acme.root(), "Gone");
        beat(acme.dev(), "old", 91 * DAY);
        beat(acme.dev(), "silent", 89 * DAY);
        beat(acme.qa(), "alive", 0);
        beat(gone, "main", 0);
        Sql.run("INSERT INTO agent_states (workspace_id, agent_id, org_id)"
                + " SELECT workspace_id, agent_id, org_id FROM heartbeats");
        Fleet.remove(gone, "Gone");

        forget(null, 100);

        for (String table : List.of("heartbeats", "agent_states")) {
            assertEquals(List.of("alive", "silent"), Sql.rows("SELECT agent_id FROM " + table + " ORDER BY agent_id"));
        }
    }

    @Test
    void pausesGoWithTheirEnd() {
        Fleet.pause(acme.dev(), "a", "{\"minutes\":5}").expect(200);
        Fleet.pause(acme.dev(), "b", "{\"minutes\":100}").expect(200);

        forget(OffsetDateTime.now().plusMinutes(50), 100);

        assertEquals(List.of("b"), Sql.rows("SELECT agent_id FROM watchdog_pauses"));
    }

    @Test
    void manyGoInBatchesOnAnyNumberOfReplicas() {
        Sql.run("""
                INSERT INTO heartbeats (workspace_id, agent_id, org_id, beat_at)
                SELECT w.id, 'a' || i, w.org_id, now() - make_interval(days => 50 + i) FROM workspaces w,
                       generate_series(1, 100) i WHERE w.id = ?::uuid
                """, acme.dev());
        Sql.run("""
                INSERT INTO incidents (org_id, workspace_id, agent_id, type, message, last_heartbeat, streak, raised_at,
                                       cool_down_until)
                SELECT w.org_id, w.id, 'a' || i, 'agent_silent', 'm', now(), 0, now() - make_interval(days => 150 - i),
                       now()
                  FROM workspaces w, generate_series(1, 100) i WHERE w.id = ?::uuid
                """, acme.dev());

        Race.run(Collections.nCopies(2, (Callable<Boolean>) () -> {
            forget(null, 7);
            return true;
        }));
        forget(null, 7);

        assertEquals("40", Sql.one("SELECT count(*) FROM incidents"));
        assertEquals("39", Sql.one("SELECT count(*) FROM heartbeats"));
    }

    private void forget(OffsetDateTime now, int batch) {
        retention.forgetOld(now, batch).await().atMost(Duration.ofSeconds(60));
    }
}
