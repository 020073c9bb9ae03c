package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /delegations}. */
abstract class DelegationListSuite {

    private Parties acme;
    private Parties beta;

    @BeforeEach
    void oneOfEachKind() {
        Api.emptyTheDatabase();
        acme = Parties.make("Acme");
        beta = Parties.make("Beta");
        LedgerRows.insertOverdue(acme.org(), "overdue", acme.lead(), acme.dev());
        for (String id : List.of("queued", "dispatched", "in_progress", "completed", "failed", "stuck")) {
            LedgerRows.insert(acme.org(), id, acme.lead(), acme.dev());
            if (!id.equals("queued")) {
                LedgerRows.move(id, id);
            }
        }
        LedgerRows.insert(acme.org(), "warned", acme.lead(), acme.dev());
        // Stuck, but not ended: rollcall.delegations.stuck=recoverable.
        Sql.run(
                "UPDATE delegations SET status = 'stuck', outcome = 'lost', event_actor = 't' WHERE delegation_id = 'warned'");
        LedgerRows.insert(acme.org(), "back", acme.dev(), acme.lead());
        LedgerRows.insert(acme.org(), "below", acme.dev(), acme.other(), "queued");
        LedgerRows.insert(beta.org(), "theirs", beta.lead(), beta.dev());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "queued: below back queued overdue",
                "dispatched: dispatched",
                "in_progress: in_progress",
                "completed: completed",
                "failed: failed",
                "stuck: warned stuck",
                "in_flight: below back warned in_progress dispatched queued overdue",
                "overdue: overdue",
                "awaiting_reply: below back warned stuck in_progress dispatched queued overdue"
            })
    void aStatusAndWhatStandsInItsPlaceSelectFromNewToOld(String status, String expected) {
        assertEquals(expected, ids(acme.read(), "?status=" + status));
        // The same of the platform's admin, who names the organisation, and of all callers together.
        assertEquals(expected, ids("", "?org_id=" + acme.org() + "&status=" + status));
        String of = "&status=" + status + "&caller_id=";
        String parts = ids(acme.read(), "?limit=500" + of + acme.lead()) + " "
                + ids(acme.read(), "?limit=500" + of + acme.dev());
        assertEquals(sorted(expected), sorted(parts));
        String to = "&status=" + status + "&callee_id=";
        parts = ids(acme.read(), "?limit=500" + to + acme.dev()) + " "
                + ids(acme.read(), "?limit=500" + to + acme.lead()) + " "
                + ids(acme.read(), "?limit=500" + to + acme.other());
        assertEquals(sorted(expected), sorted(parts));
        // And of a workspace's token, what it asked and was asked.
        String own = List.of(expected.split(" ")).stream()
                .filter(id -> !id.equals("below"))
                .reduce((a, b) -> a + " " + b)
                .orElse("");
        assertEquals(own, ids(acme.leadToken(), "?status=" + status));
    }

    @Test
    void conditionsAreMetAllTogether() {
        assertEquals("back", ids(acme.read(), "?caller_id=" + acme.dev() + "&callee_id=" + acme.lead()));
        assertEquals("", ids(acme.read(), "?caller_id=" + acme.lead() + "&callee_id=" + acme.other()));
        assertEquals(
                "failed",
                ids(acme.read(), "?caller_id=" + acme.lead() + "&callee_id=" + acme.dev() + "&status=failed"));
        assertEquals("below queued", ids(acme.read(), "?root_id=queued"));
        assertEquals("below", ids(acme.read(), "?root_id=queued&caller_id=" + acme.dev()));
        assertEquals("", ids(acme.read(), "?root_id=queued&status=failed"));
        assertEquals("", ids(acme.read(), "?root_id=below"), "not the top of a tree");
        assertEquals("below queued", ids("", "?root_id=queued&status=in_flight"));
    }

    @Test
    void aTokenSeesItsOwnOrganisationsAloneAndAWorkspacesItsOwn() {
        assertTrue(ids("", "").startsWith("theirs below back"));
        assertEquals("theirs", ids(beta.read(), ""));
        assertEquals("", ids(beta.read(), "?caller_id=" + acme.lead()));
        assertEquals("", ids(beta.read(), "?callee_id=" + acme.dev() + "&status=in_flight"));
        assertEquals("", ids(beta.read(), "?root_id=queued"));
        assertEquals("", ids(beta.read(), "?org_id=" + acme.org()));
        assertEquals("", ids(acme.leadToken(), "?callee_id=" + acme.other()));
        assertEquals("back", ids(acme.leadToken(), "?caller_id=" + acme.dev()));
        assertEquals("queued", ids(acme.leadToken(), "?root_id=queued"), "what is below is between others");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&status=awaiting_reply", "&status=in_flight"})
    void thePagesTogetherAreTheListWhateverIsMadeMeanwhile(String status) {
        for (String token : List.of(acme.read(), acme.leadToken())) {
            String all = ids(token, "?limit=500" + status);
            var paged = new ArrayList<String>();
            String cursor = "";
            do {
                JsonNode page = page(token, "?limit=2" + status + cursor);
                page.path("items")
                        .forEach(item -> paged.add(item.path("delegation_id").asText()));
                cursor = page.path("next_cursor").isNull()
                        ? ""
                        : "&cursor=" + page.path("next_cursor").asText();
                LedgerRows.insert(acme.org(), "meanwhile" + token.hashCode() + paged.size(), acme.lead(), acme.dev());
            } while (!cursor.isEmpty());
            assertEquals(all, String.join(" ", paged));
        }
    }

    @Test
    void aRowSaysAllOfIt() {
        LedgerRows.claim("queued", "main");
        Sql.run("UPDATE delegation_beats SET beat_at = now(), progress = 0.5 WHERE delegation ="
                + " (SELECT id FROM delegations WHERE delegation_id = 'queued')");

        JsonNode row = page(acme.read(), "?root_id=queued").path("items").get(1);

        assertEquals(26 - 1, row.size(), "without the service's own id: " + row);
        assertEquals(
                "dispatched 1 main alive 0.5 queued",
                "%s %s %s %s %s %s"
                        .formatted(
                                row.path("status").asText(),
                                row.path("attempt"),
                                row.path("agent_id").asText(),
                                row.path("liveness").asText(),
                                row.path("progress"),
                                row.path("root_delegation_id").asText()));
        assertTrue(row.path("deadline").asText().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
    }

    @Test
    void whatNoListCanMeanIs400AndNamesIt() {
        Answer refused = Call.get("/delegations?status=done").expect(400);
        assertEquals(List.of("status"), refused.violations());
        assertTrue(
                refused.text()
                        .contains(
                                "queued, dispatched, in_progress, completed, failed, stuck, in_flight, overdue, awaiting_reply"));
        for (String bad : List.of(
                "caller_id=1-1-1-1-1",
                "callee_id=x",
                "org_id=1",
                "root_id=" + "r".repeat(201),
                "root_id=a%00b",
                "root_id=a%20b",
                "limit=0",
                "limit=501",
                "limit=x",
                "cursor=x",
                "cursor=%20",
                "status=QUEUED")) {
            assertEquals(
                    List.of(bad.split("=")[0]),
                    Call.get("/delegations?" + bad).expect(400).violations(),
                    bad);
        }
        Call.of("GET", "/delegations").anonymous().send().expect(401);
    }

    @Test
    void aPageHas50UnlessAskedForFewerOrMore() {
        IntStream.range(0, 60).forEach(i -> LedgerRows.insert(beta.org(), "b" + i, beta.lead(), beta.dev()));

        assertEquals(50, page(beta.read(), "").path("items").size());
        assertEquals(61, page(beta.read(), "?limit=500").path("items").size());
    }

    private static String sorted(String ids) {
        return String.join(
                " ", List.of(ids.trim().split(" +")).stream().sorted().toList());
    }

    private static String ids(String token, String query) {
        return String.join(
                " ",
                StreamSupport.stream(page(token, query).path("items").spliterator(), false)
                        .map(item -> item.path("delegation_id").asText())
                        .toList());
    }

    private static JsonNode page(String token, String query) {
        Answer answer = token.isEmpty() ? Call.get("/delegations" + query) : Parties.get(token, "/delegations" + query);
        return answer.expect(200).json();
    }
}
