package io.rollcall.heartbeat;

import static io.rollcall.heartbeat.Fleet.end;
import static io.rollcall.heartbeat.Fleet.incident;
import static io.rollcall.heartbeat.Fleet.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Call;
import io.rollcall.Sql;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /workspaces/{id}/incidents}, {@code /incidents}. */
abstract class IncidentSuite {

    private Fleet acme;
    private String incidents;

    @BeforeEach
    void anOrganisation() {
        Api.emptyTheDatabase();
        acme = Fleet.make("Acme");
        incidents = "/workspaces/" + acme.dev() + "/incidents";
    }

    @Test
    void anIncidentIsShownAsItWasRaised() {
        incident(acme.dev(), "main", 0);
        Sql.run(
                "UPDATE incidents SET streak = 2, last_heartbeat = '2027-01-31T12:00:00Z', raised_at ="
                        + " '2027-01-31T12:03:00Z', cool_down_until = '2027-01-31T12:43:00Z', ended_at = '2027-01-31T12:05:00Z'");

        String expected = "{\"items\":[{\"id\":1,\"org_id\":\"" + acme.root() + "\",\"workspace_id\":\"" + acme.dev()
                + "\",\"agent_id\":\"main\",\"type\":\"agent_silent\",\"message\":\"not heard\","
                + "\"last_heartbeat\":\"2027-01-31T12:00:00.000Z\",\"raised_at\":\"2027-01-31T12:03:00.000Z\","
                + "\"ended_at\":\"2027-01-31T12:05:00.000Z\",\"streak\":2,"
                + "\"cool_down_until\":\"2027-01-31T12:43:00.000Z\",\"notified_at\":null}],\"next_cursor\":null}";

        assertEquals(expected, Call.get(incidents).expect(200).text());
        assertEquals(expected, Call.get("/incidents").expect(200).text());
        assertEquals(expected, as(acme.token("read"), "/incidents").expect(200).text());
    }

    @Test
    void theNewestComeFirstPageByPageAndOpenOnesCanBeAskedFor() {
        for (int i = 0; i < 6; i++) {
            long id = incident(i % 2 == 0 ? acme.dev() : acme.qa(), "main", 0);
            if (i < 4) {
                end(id, 0);
            }
        }
        String reader = acme.token("read");
        for (String token : List.of(reader, io.rollcall.TestDatabase.TOKEN)) {
            assertEquals(List.of("6", "5", "4", "3", "2", "1"), walk(token, "/incidents?limit=2"));
            assertEquals(List.of("6", "5"), walk(token, "/incidents?open=true&limit=1"));
            assertEquals(List.of("4", "3", "2", "1"), walk(token, "/incidents?open=false&limit=3"));
            assertEquals(List.of("5", "3", "1"), walk(token, incidents + "?limit=1"));
            assertEquals(List.of("5"), walk(token, incidents + "?limit=1&open=true"));
            assertEquals(List.of("3", "1"), walk(token, incidents + "?limit=1&open=false"));
        }
        Call.get("/incidents?open=yes").expect(400);
    }

    @Test
    void anOrganisationSeesItsOwnAndAWorkspacesTokenItsWorkspaces() {
        Fleet beta = Fleet.make("Beta");
        incident(acme.dev(), "main", 0);
        incident(beta.dev(), "main", 0);
        incident(acme.qa(), "main", 0);
        String reader = acme.token("read");
        String own = Fleet.agent(acme.dev());

        assertEquals(List.of("3", "1"), texts(as(reader, "/incidents"), "id"));
        assertEquals(List.of("3", "1"), texts(as(reader, "/incidents?open=true"), "id"));
        assertEquals(List.of("3", "2", "1"), texts(Call.get("/incidents?open=true"), "id"));
        for (String open : List.of("", "&open=true", "&open=false")) {
            List<String> theirs = open.equals("&open=false") ? List.of() : List.of("2");
            assertEquals(theirs, texts(Call.get("/incidents?org_id=" + beta.root() + open), "id"), open);
            assertEquals(List.of(), texts(as(reader, "/incidents?org_id=" + beta.root() + open), "id"), open);
        }
        assertEquals(List.of("3", "1"), texts(as(reader, "/incidents?org_id=" + acme.root()), "id"));
        assertEquals(
                List.of("org_id"),
                Call.get("/incidents?org_id=1-1-1-1-1").expect(400).violations());
        as(reader, "/workspaces/" + beta.dev() + "/incidents").expect(404);
        assertEquals(List.of("1"), texts(as(own, incidents), "id"));
        as(own, "/workspaces/" + acme.qa() + "/incidents").expect(404);
        as(own, "/incidents").expect(403);
    }

    @Test
    void theHistoryOfARemovedWorkspaceStays() {
        incident(acme.dev(), "main", 0);
        Fleet.remove(acme.dev(), "Dev");

        assertEquals("REMOVED", Call.get(incidents).expect(410).code());
        Call.get("/workspaces/" + Fleet.UNKNOWN + "/incidents").expect(404);
        assertEquals(List.of("1"), texts(as(acme.token("read"), "/incidents"), "id"));
    }

    private static Answer as(String token, String path) {
        return Call.of("GET", path).as(token).send();
    }

    private static List<String> walk(String token, String path) {
        List<String> seen = new java.util.ArrayList<>();
        String cursor = "";
        do {
            Answer page = as(token, path + cursor).expect(200);
            seen.addAll(texts(page, "id"));
            cursor = page.json().path("next_cursor").isNull() ? null : "&cursor=" + page.get("next_cursor");
        } while (cursor != null);
        return seen;
    }
}
