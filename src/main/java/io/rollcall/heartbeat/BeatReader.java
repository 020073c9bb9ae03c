package io.rollcall.heartbeat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.access.Caller;
import io.rollcall.delegation.DelegationBeats;
import io.rollcall.http.Document;
import io.rollcall.http.FieldPath;
import io.rollcall.http.Problem;
import io.rollcall.http.Storable;
import io.rollcall.http.Texts;
import io.rollcall.http.Violations;
import io.rollcall.workspace.AgentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads beats. Fields it does not know are a newer agent's and pass; long texts are cut rather than refused, since the beat
 * matters more. In lists each element is judged by itself.
 */
final class BeatReader {

    static final int MOST = 5000;
    static final int LONGEST_TEXT = 1000;
    static final int LONGEST_DETAIL = 4096;
    private static final double A_CENTURY = 3.2e9;

    /** An element of a list: what it says, or why it is refused. */
    record Element<T>(@Nullable T beat, @Nullable Problem refusal) {}

    /** A beat with those of delegations. */
    record Single(Beat beat, List<Element<DelegationBeats.Beat>> delegations) {}

    /** Beats of many. */
    record Bulk(List<Element<Beat>> beats, List<Element<DelegationBeats.Beat>> delegations) {}

    private BeatReader() {}

    /** @throws Problem naming every bad field of the agent's own beat; 404 when the caller may not speak for it */
    static Single single(Caller caller, byte[] body) {
        Document document = Document.parseLenient(body);
        List<Element<DelegationBeats.Beat>> delegations = delegations(caller, document);
        return new Single(beat(caller, document), delegations);
    }

    /** @throws Problem when it is not two lists of at most {@value #MOST} */
    static Bulk bulk(Caller caller, byte[] body) {
        Document document = Document.parseLenient(body);
        List<Element<Beat>> beats = elements(document, "heartbeats", caller, BeatReader::beat);
        List<Element<DelegationBeats.Beat>> delegations = delegations(caller, document);
        document.violations().orElseThrow();
        return new Bulk(beats, delegations);
    }

    private static List<Element<DelegationBeats.Beat>> delegations(Caller caller, Document document) {
        return elements(document, "delegations", caller, (who, element) -> {
            DelegationBeats.Beat beat = DelegationBeats.Beat.read(who, element);
            element.violations().orElseThrow();
            return Objects.requireNonNull(beat);
        });
    }

    private static <T> List<Element<T>> elements(
            Document document, String field, Caller caller, BiFunction<Caller, Document, T> read) {
        JsonNode list = document.value(field);
        if (list == null) {
            return List.of();
        }
        if (!(list instanceof ArrayNode)) {
            document.fault(field, "must be a list, is " + Document.kind(list));
            return List.of();
        }
        if (list.size() > MOST) {
            document.fault(field, "must have at most " + MOST + " items, has " + list.size());
            return List.of();
        }
        FieldPath path = document.at(field);
        var elements = new ArrayList<Element<T>>(list.size());
        for (int i = 0; i < list.size(); i++) {
            elements.add(element(list.get(i), path.index(i), caller, read));
        }
        return elements;
    }

    private static <T> Element<T> element(
            JsonNode node, FieldPath path, Caller caller, BiFunction<Caller, Document, T> read) {
        var violations = new Violations();
        try {
            if (node instanceof ObjectNode object) {
                return new Element<>(read.apply(caller, new Document(object, path, violations)), null);
            }
            violations.add(path, "must be an object, is " + Document.kind(node));
            violations.orElseThrow();
            throw new IllegalStateException();
        } catch (Problem refusal) {
            return new Element<>(null, refusal);
        }
    }

    private static Beat beat(Caller caller, Document document) {
        if (document.value("workspace_id") == null) {
            document.fault("workspace_id", "is required");
        }
        UUID workspaceId = document.uuid("workspace_id");
        String agentId = AgentId.read(document);
        Double uptime = within(document, "uptime_seconds", 0, A_CENTURY);
        AgentStatus status = document.oneOf("status", AgentStatus.class);
        var said = new Said(
                status == null ? null : status.name().toLowerCase(Locale.ROOT),
                within(document, "error_rate", 0, 1),
                cut(document, "sample_error"),
                document.integer("active_tasks", 0, Integer.MAX_VALUE),
                cut(document, "current_task"),
                document.text("loop_id", AgentId.LONGEST),
                detail(document));
        document.violations().orElseThrow();
        if (!caller.mayActAs(Objects.requireNonNull(workspaceId))) {
            throw Problem.notFound("workspace", workspaceId);
        }
        return new Beat(
                workspaceId,
                Objects.requireNonNull(agentId),
                caller.organisation(),
                said.isNothing() ? null : said,
                uptime == null ? null : Math.round(uptime));
    }

    private static @Nullable Double within(Document document, String field, double least, double most) {
        Double number = document.number(field);
        if (number != null && (number < least || number > most)) {
            document.fault(field, String.format(Locale.ROOT, "must be from %.0f to %.0f", least, most));
        }
        return number;
    }

    private static @Nullable String cut(Document document, String field) {
        String text = document.text(field, Integer.MAX_VALUE);
        return text == null ? null : Texts.cut(text, LONGEST_TEXT);
    }

    private static @Nullable String detail(Document document) {
        JsonNode detail = document.value("detail");
        if (detail == null) {
            return null;
        }
        String fault = Storable.fault(detail);
        String json = detail.toString();
        if (fault == null && json.length() > LONGEST_DETAIL) {
            fault = "must have at most " + LONGEST_DETAIL + " characters, has " + json.length();
        }
        if (fault != null) {
            document.fault("detail", fault);
        }
        return json;
    }
}
