package io.rollcall.delegation;

import static io.rollcall.delegation.SweepRows.COMPLETE;
import static io.rollcall.delegation.SweepRows.make;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Delegations are forgotten a while after their end, with all that is theirs, and nothing else is. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DelegationRetentionTest {

    private static final String KEPT = "SELECT delegation_id FROM delegations ORDER BY id";

    @Inject
    Sweepers sweepers;

    @BeforeEach
    void emptyLedger() {
        SweepRows.empty();
    }

    @Test
    void whatEndedLongAgoGoesWithAllThatIsItsAndNothingElseDoes() {
        make("acme", 4);
        Sql.run("INSERT INTO delegation_payloads (delegation, kind, org_id, body)"
                + " SELECT id, 'task', org_id, 'a task' FROM delegations");
        end("acme-1", "acme-3", "acme-4");
        age("acme-1", 91);
        age("acme-2", 91);
        age("acme-3", 89);
        // Asked for long ago, ended lately.
        try (Superuser sql = Superuser.connect()) {
            sql.withoutTriggers("UPDATE delegations SET created_at = now() - interval '91 days'"
                    + " WHERE delegation_id = 'acme-4'");
        }

        forget(100);

        assertEquals(List.of("acme-2", "acme-3", "acme-4"), Sql.rows(KEPT));
        assertEquals("3", Sql.one("SELECT count(*) FROM delegation_payloads"));
        assertEquals("5", Sql.one("SELECT count(*) FROM delegation_events"));
        assertEquals("2", Sql.one("SELECT count(*) FROM inbox_messages"));
        assertEquals("3", Sql.one("SELECT last_seq FROM inboxes"));
        assertEquals(
                List.of("acme-3", "acme-3", "acme-4", "acme-4"),
                Sql.rows("SELECT delegation_id FROM activity_logs ORDER BY delegation_id"));
    }

    @Test
    void manyGoInBatchesOnAnyNumberOfReplicas() {
        make("acme", 2500);
        make("slow", 30);
        make("beta", 500);
        try (Superuser sql = Superuser.connect()) {
            sql.execute("UPDATE delegations SET status = 'completed', event_actor = 'agent'"
                    + " WHERE delegation_id NOT LIKE 'slow-%'");
        }
        age("%", 91);
        make("young", 10);

        Race.run(Collections.nCopies(2, (Callable<Boolean>) () -> {
            forget(10);
            return true;
        }));
        forget(10);

        assertEquals("40", Sql.one("SELECT count(*) FROM delegations"));
        assertEquals("40", Sql.one("SELECT count(*) FROM delegation_events"));
        assertEquals("0", Sql.one("SELECT count(*) FROM inbox_messages"));
        assertEquals("10", Sql.one("SELECT count(*) FROM activity_logs"));
    }

    @Test
    void howLongIsASetting() {
        make("acme", 2);
        end("acme-1");
        age("acme-1", 2);

        sweepers.retention("rollcall.delegations.retention", "3d")
                .forgetOld(null, 10)
                .await()
                .atMost(Sweepers.LIMIT);
        assertEquals(List.of("acme-1", "acme-2"), Sql.rows(KEPT));
        sweepers.retention("rollcall.delegations.retention", "1d")
                .forgetOld(null, 10)
                .await()
                .atMost(Sweepers.LIMIT);

        assertEquals(List.of("acme-2"), Sql.rows(KEPT));
    }

    private void forget(int batch) {
        sweepers.retention()
                .forgetOld(OffsetDateTime.now(ZoneOffset.UTC), batch)
                .await()
                .atMost(Sweepers.LIMIT);
    }

    private static void end(String... delegations) {
        for (String delegation : delegations) {
            Sql.run(COMPLETE.formatted(delegation));
        }
    }

    /** All that was written of it, so many days ago. */
    private static void age(String pattern, int days) {
        try (Superuser sql = Superuser.connect()) {
            sql.withoutTriggers("UPDATE delegations SET created_at = created_at - interval '%1$d days', finished_at ="
                            .formatted(days)
                    + " finished_at - interval '%1$d days' WHERE delegation_id LIKE '%2$s'".formatted(days, pattern));
            sql.withoutTriggers(
                    "UPDATE activity_logs SET created_at = created_at - interval '%1$d days'".formatted(days)
                            + " WHERE delegation_id LIKE '%s'".formatted(pattern));
        }
    }
}
