package io.rollcall.organisation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.response.Response;
import java.util.List;

/** What holds of every refusal, whatever was wrong. */
final class Refusal {

    private static final List<String> NEVER_SHOWN =
            List.of("Exception", "io.rollcall", "SELECT", "INSERT", "/work", "java.", "snakeyaml", "fasterxml");

    private Refusal() {}

    static void check(Response reply, int status, String code) {
        String body = reply.asString();
        assertEquals(status, reply.statusCode(), body);
        assertTrue(reply.contentType().startsWith("application/problem+json"), reply.contentType() + " " + body);
        assertEquals(status, reply.jsonPath().getInt("status"));
        assertEquals(code, reply.jsonPath().getString("code"), body);
        assertEquals(reply.jsonPath().getString("detail"), reply.jsonPath().getString("error"));
        assertFalse(reply.jsonPath().getString("detail").isBlank(), body);
        for (String secret : NEVER_SHOWN) {
            assertFalse(body.contains(secret), secret + " in " + body);
        }
    }
}
