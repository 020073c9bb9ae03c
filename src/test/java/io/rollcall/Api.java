package io.rollcall;

import static io.restassured.RestAssured.given;

import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

/** The API as a client of the suites calls it: with the admin's token. */
public final class Api {

    private static final RestAssuredConfig CONFIG = RestAssuredConfig.config()
            .encoderConfig(EncoderConfig.encoderConfig()
                    .defaultContentCharset("UTF-8")
                    .encodeContentTypeAs("application/yaml", ContentType.TEXT)
                    .encodeContentTypeAs("text/yaml", ContentType.TEXT)
                    .encodeContentTypeAs("application/x-yaml", ContentType.TEXT));

    private Api() {}

    public static RequestSpecification as(String token) {
        return given().config(CONFIG).header("Authorization", "Bearer " + token);
    }

    public static RequestSpecification api() {
        return as(TestDatabase.TOKEN);
    }

    public static Response importJson(String body) {
        return api().contentType(ContentType.JSON).body(body).post("/org/import");
    }

    public static Response importYaml(String body) {
        return api().contentType("application/yaml").body(body).post("/org/import");
    }

    /** Every test begins with an empty tree. The audit trail's guards refuse it to everybody but a superuser who says so. */
    public static void emptyTheDatabase() {
        try (Superuser sql = Superuser.borrow()) {
            Secrets.assertNoneIn(sql);
            // In the order in which sweeps, which go on meanwhile, begin to read: no deadlock.
            sql.empty(
                    "delegation_beats, heartbeats, workspaces, tokens, import_runs, audit_log, audit_heads, idempotency_keys,"
                            + " canvas_viewports, delegations, delegation_payloads, delegation_events, activity_logs, inboxes,"
                            + " inbox_messages, agent_states, incidents, watchdog_pauses, bootstrap_files, bootstrap_pings,"
                            + " skill_installs, settings, agent_metrics, event_outbox, events");
        }
    }
}
