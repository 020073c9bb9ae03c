package io.rollcall.delegation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.FieldPath;
import io.rollcall.http.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What an agent believes, after its restart, that it is running. */
@RegisterForReflection
@Schema(
        name = "ReconcileRequest",
        examples = "{\"agent_id\": \"main\", \"workspace_id\": \"01980000-0000-7000-8000-000000000000\","
                + " \"running\": [{\"delegation_id\": \"d-1\", \"attempt\": 1}]}")
record ReconcileRequest(
        @Schema(
                minLength = 1,
                maxLength = DelegationId.LONGEST,
                pattern = Texts.NAME,
                description = "As it was claimed with")
        String agentId,

        @Schema(description = "The workspace that was asked")
        UUID workspaceId,

        @Schema(maxItems = ReconcileRequest.MOST) List<Running> running) {

    static final int MOST = 1000;

    /** One that is run. */
    @RegisterForReflection
    @Schema(name = "RunningDelegation", description = "A delegation as the agent that runs it knows it")
    record Running(
            @Schema(minLength = 1, maxLength = DelegationId.LONGEST, pattern = DelegationId.PATTERN)
            String delegationId,

            @Schema(minimum = "0", description = "As it was when claimed")
            int attempt) {}

    /** @throws io.rollcall.http.Problem naming every bad field */
    static ReconcileRequest read(byte[] body) {
        Document document = Document.parse(body);
        document.allowOnly(Set.of("agent_id", "workspace_id", "running"));
        String agentId = document.name("agent_id", DelegationId.LONGEST);
        UUID workspaceId = required(document, "workspace_id", document.uuid("workspace_id"));
        List<Running> running = running(document);
        document.violations().orElseThrow();
        return new ReconcileRequest(Objects.requireNonNull(agentId), Objects.requireNonNull(workspaceId), running);
    }

    private static List<Running> running(Document document) {
        JsonNode list = required(document, "running", document.value("running"));
        if (list == null) {
            return List.of();
        }
        if (!(list instanceof ArrayNode)) {
            document.fault("running", "must be a list, is " + Document.kind(list));
            return List.of();
        }
        if (list.size() > MOST) {
            document.fault("running", "must have at most " + MOST + " items, has " + list.size());
            return List.of();
        }
        var running = new ArrayList<Running>(list.size());
        for (int i = 0; i < list.size(); i++) {
            FieldPath at = document.at("running").index(i);
            if (list.get(i) instanceof ObjectNode object) {
                Running one = one(new Document(object, at, document.violations()));
                if (one != null) {
                    running.add(one);
                }
            } else {
                document.violations().add(at, "must be an object, is " + Document.kind(list.get(i)));
            }
        }
        return running;
    }

    private static @Nullable Running one(Document document) {
        document.allowOnly(Set.of("delegation_id", "attempt"));
        String id = required(document, "delegation_id", DelegationId.read(document, "delegation_id"));
        Integer attempt = required(document, "attempt", document.integer("attempt", 0, Integer.MAX_VALUE));
        return id == null || attempt == null ? null : new Running(id, attempt);
    }

    private static <T> @Nullable T required(Document document, String field, @Nullable T value) {
        if (document.value(field) == null) {
            document.fault(field, "is required");
        }
        return value;
    }
}
