package io.rollcall.heartbeat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.Limits;
import io.rollcall.http.Storable;
import io.rollcall.http.Texts;
import io.rollcall.workspace.AgentId;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /registry/register}. */
@RegisterForReflection
@Schema(
        name = "NewRegistration",
        examples = "{\"id\": \"01980000-0000-7000-8000-000000000000\", \"url\": \"https://agent.example\"}")
record NewRegistration(
        @Schema(description = "The workspace") UUID id,

        @Nullable @Schema(
                minLength = 1,
                maxLength = AgentId.LONGEST,
                pattern = Texts.NAME,
                description = "Which of the workspace's agents; absent: `main`")
        String agentId,

        @Nullable @Schema(
                maxLength = Limits.TEXT,
                description = "Where it can be reached; of the agent `main` also the workspace's. Kept, never called")
        String url,

        @Nullable @Schema(implementation = Object.class, description = "Any JSON of at most 65,536 characters")
        String agentCard,

        @Nullable @Schema(maxLength = Limits.WORD, description = "How it wants its work: a word of yours")
        String deliveryMode) {

    private static final int LONGEST_CARD = 65_536;
    private static final Set<String> FIELDS = Set.of("id", "agent_id", "url", "agent_card", "delivery_mode");

    /** @throws io.rollcall.http.Problem naming every bad field */
    static NewRegistration read(byte[] body, Limits limits) {
        Document document = Document.parse(body);
        document.allowOnly(FIELDS);
        if (document.value("id") == null) {
            document.fault("id", "is required");
        }
        UUID id = document.uuid("id");
        String agentId = AgentId.read(document);
        var registration = new NewRegistration(
                Objects.requireNonNullElseGet(id, () -> new UUID(0, 0)),
                Objects.requireNonNullElse(agentId, AgentId.MAIN),
                document.text("url", limits.text()),
                card(document),
                document.text("delivery_mode", Limits.WORD));
        document.violations().orElseThrow();
        return registration;
    }

    private static @Nullable String card(Document document) {
        JsonNode card = document.value("agent_card");
        if (card == null) {
            return null;
        }
        String fault = Storable.fault(card);
        String json = card.toString();
        if (fault == null && json.length() > LONGEST_CARD) {
            fault = "must have at most " + LONGEST_CARD + " characters, has " + json.length();
        }
        if (fault != null) {
            document.fault("agent_card", fault);
        }
        return json;
    }
}
