package io.rollcall;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** How many rows the nodes of a plan went through, by {@code EXPLAIN (ANALYZE, FORMAT JSON)}: a measure that no clock moves. */
public final class PlanRows {

    private PlanRows() {}

    public static JsonNode plan(String json) throws JsonProcessingException {
        JsonNode explained = new ObjectMapper().readTree(json);
        return (explained.isArray() ? explained.path(0) : explained).path("Plan");
    }

    public static long of(JsonNode plan) {
        long each = 0;
        for (String count : new String[] {"Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter"}) {
            each += Math.round(plan.path(count).asDouble());
        }
        long rows = each * plan.path("Actual Loops").asLong();
        for (JsonNode below : plan.path("Plans")) {
            rows += of(below);
        }
        return rows;
    }
}
