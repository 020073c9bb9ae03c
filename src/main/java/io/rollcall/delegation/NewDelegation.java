package io.rollcall.delegation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.Ids;
import io.rollcall.http.Labels;
import io.rollcall.http.Limits;
import io.rollcall.http.Problem;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /delegations}. */
@RegisterForReflection
@Schema(
        name = "NewDelegation",
        examples = "{\"caller_id\": \"01940000-0000-7000-8000-000000000001\","
                + " \"callee_id\": \"01940000-0000-7000-8000-000000000002\", \"task\": \"Summarise the report\"}")
record NewDelegation(
        @Nullable @Schema(
                minLength = 1,
                maxLength = DelegationId.LONGEST,
                pattern = DelegationId.PATTERN,
                description = "Chosen by you; absent: a UUID is made")
        String delegationId,

        @Schema(description = "The workspace that asks; a workspace's token can name only its own")
        UUID callerId,

        @Schema(description = "The workspace that is asked, of the same organisation")
        UUID calleeId,

        @Schema(
                minLength = 1,
                description = "What is to be done. At most 1,000,000 characters (rollcall.delegations.max-task)")
        String task,

        @Nullable @Schema(
                minimum = "1",
                maximum = "604800",
                description = "From now; absent: 6 hours (rollcall.delegations.deadline); at most 7 days"
                        + " (rollcall.delegations.max-deadline). Never beyond its parent's")
        Integer deadlineSeconds,

        @Nullable @Schema(
                minLength = 1,
                maxLength = DelegationId.LONGEST,
                pattern = DelegationId.PATTERN,
                description = "The delegation that this is a part of")
        String parentDelegationId,

        @Nullable @Schema(
                minLength = 1,
                maxLength = DelegationId.LONGEST,
                pattern = DelegationId.PATTERN,
                description = "Unique for its caller: the same again is the same delegation")
        String idempotencyKey,

        @Nullable @Schema(
                type = SchemaType.OBJECT,
                propertyNames = Labels.Key.class,
                additionalProperties = Labels.Value.class,
                maxProperties = Labels.MOST)
        String labels) {

    private static final Set<String> FIELDS = Set.of(
            "delegation_id",
            "caller_id",
            "callee_id",
            "task",
            "deadline_seconds",
            "parent_delegation_id",
            "idempotency_key",
            "labels");

    /** @throws Problem naming every bad field */
    static NewDelegation read(byte[] body, LedgerSettings settings, Limits limits) {
        Document document = Document.parse(body);
        document.allowOnly(FIELDS);
        UUID caller = required(document, "caller_id");
        UUID callee = required(document, "callee_id");
        JsonNode labels = Labels.read(document, limits);
        var read = new NewDelegation(
                DelegationId.read(document, "delegation_id"),
                caller,
                callee,
                task(document, "task", settings),
                document.integer(
                        "deadline_seconds", 1, (int) settings.maxDeadline().toSeconds()),
                DelegationId.read(document, "parent_delegation_id"),
                DelegationId.read(document, "idempotency_key"),
                labels == null || labels.isEmpty() ? null : sorted(labels));
        document.violations().orElseThrow();
        return read.notToOneself();
    }

    /** The same labels in another order are the same. */
    private static String sorted(JsonNode labels) {
        ObjectNode sorted = JsonNodeFactory.instance.objectNode();
        labels.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(label -> sorted.set(label.getKey(), label.getValue()));
        return sorted.toString();
    }

    static UUID required(Document document, String field) {
        UUID id = document.uuid(field);
        if (id == null && document.value(field) == null) {
            document.fault(field, "is required");
        }
        return Objects.requireNonNullElse(id, Ids.ZERO);
    }

    static String task(Document document, String field, LedgerSettings settings) {
        String task = document.text(field, settings.maxTask());
        if (task == null ? document.value(field) == null : task.isEmpty()) {
            document.fault(field, "is required");
        }
        return Objects.requireNonNullElse(task, "");
    }

    NewDelegation notToOneself() {
        if (callerId.equals(calleeId)) {
            throw Problem.of(400, "SELF_DELEGATION", "callee_id: a workspace cannot delegate to itself");
        }
        return this;
    }
}
