package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.rollcall.Answer;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** With {@code rollcall.delegations.stuck=recoverable} stuck is a warning: a result may still come, and no way leads back. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(RecoverableStuckTest.Recoverable.class)
class RecoverableStuckTest extends TransitionsSuite {

    public static class Recoverable implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("rollcall.delegations.stuck", "recoverable");
        }
    }

    @Override
    String table() {
        return """
                queued      =+++++
                dispatched  .=++++
                in_progress ..=+++
                completed   ...=..
                failed      ....=.
                stuck       ...++=
                """;
    }

    @Override
    boolean stuckIsAnEnd() {
        return false;
    }

    @Test
    void theResultThatComesAfterAllIsTheResult() {
        String id = team.ask("").expect(201).get("delegation_id");
        team.report(id, "{\"status\":\"stuck\",\"result\":\"half of it\"}").expect(200);
        assertEquals(0, Sql.count("SELECT count(*) FROM inbox_messages"));

        Answer done = team.report(id, "{\"status\":\"completed\",\"result\":\"all of it\"}")
                .expect(200);

        assertEquals("all of it", done.json().at("/delegation/result_preview").asText());
        assertEquals("\"all of it\"", Sql.one("SELECT body FROM delegation_payloads WHERE kind = 'result'"));
        assertEquals("\"half of it\"", Sql.one("SELECT result FROM delegation_events WHERE kind = 'late_result'"));
        assertEquals(1, Sql.count("SELECT count(*) FROM inbox_messages"));
    }
}
