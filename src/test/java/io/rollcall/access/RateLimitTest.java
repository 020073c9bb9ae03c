package io.rollcall.access;

import static io.rollcall.access.Organisation.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.TestDatabase;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Too many requests are refused with 429, and nobody else notices. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(RateLimitTest.Slow.class)
class RateLimitTest {

    public static class Slow implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("rollcall.rate-limit.token", "2", "rollcall.rate-limit.organisation", "3");
        }
    }

    private Organisation acme;
    private Organisation other;

    @BeforeEach
    void start() {
        Api.emptyTheDatabase();
        acme = Organisation.make("Acme");
        other = Organisation.make("Other");
    }

    @Test
    void aTokensBurstEndsWith429AndItGoesOnAfterAWhile() {
        Answer refused = burnUp(acme.read());

        assertEquals("TOO_MANY_REQUESTS", refused.expect(429).code());
        assertEquals("1", refused.header("Retry-After"));
        Await.until("it goes on", () -> get(acme.read(), "/workspaces").status() == 200);
    }

    @Test
    void anOrganisationsTokensTogetherGetNoMoreThanItAndAnotherDoesNotNotice() {
        burnUp(acme.read());

        int rest = 0;
        while (get(acme.write(), "/workspaces").status() == 200) {
            rest++;
        }
        // Its own bucket holds ten; the organisation's fifteen had five left, and gets three more a second.
        assertTrue(rest > 0 && rest < 10, "its other tokens have the rest: " + rest);

        for (int i = 0; i < 10; i++) {
            get(other.read(), "/workspaces").expect(200);
            Call.get("/workspaces").expect(200);
        }
    }

    /** @return the first refusal */
    private static Answer burnUp(String token) {
        for (int i = 0; i < 1_000; i++) {
            Answer answer = get(token, "/workspaces");
            if (answer.status() != 200) {
                return answer;
            }
        }
        throw new AssertionError("never refused");
    }
}
