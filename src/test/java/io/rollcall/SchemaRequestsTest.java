package io.rollcall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.SchemaRequest.Operation;
import io.rollcall.delegation.LedgerRows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Requests made from the API's document as it is served, for every operation that it has: what it allows is not refused as
 * wrong, what it forbids is refused, and no refusal tells what the service is made of.
 */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SchemaRequestsTest {

    private static final int BROKEN_OF_EACH = 15;
    private static final int TRIES = 5;

    /** The rules that a schema cannot say, by the words in which they are refused. */
    private static final List<String> BEYOND_SCHEMAS = List.of(
            "is required, or dir",
            "must be absent when there is a template",
            "no template of this name",
            "is also the name of its sibling",
            "in the query, but not here",
            "is not a next_cursor of an earlier page",
            "keys of your own begin with x-",
            "must be the name of the workspace to remove",
            "from the platform's admin",
            "the platform's admin has to name",
            "when replaces is absent",
            "says nothing without replaces",
            "must be a live token of the same owner",
            "must be in the future",
            "has none yet",
            "is for failed alone",
            "where the inbox ends",
            "is the ledger's own",
            "must be another workspace",
            "numbers beyond the range of a double",
            "must have at most 65536 bytes",
            "must have at most 65536 characters",
            "must have at most 4096 characters",
            "which stands for all agents",
            "special characters are not allowed",
            "must be a day from 2000-01-01",
            "must not be after to",
            "days of from",
            "must have at most 30 decimals",
            "must be 0, or at least 1e-30",
            "to which nothing can be added",
            "must name something to add",
            "would be less than 0",
            "the sum would be beyond");

    /** Each run sends the same, but for the ids that it was given; another {@code -Dseed} sends something else. */
    private static final long USUAL_SEED = 20_261_121;

    /**
     * Null, or an empty parameter, for what may be absent; what YAML makes of a label or a text without quotes; a result,
     * which is whatever JSON can say; half a character, which neither query nor path can carry; a field of a newer
     * agent's, whatever its name; minutes without end, which are clamped; and beats in a list, which are refused one by one.
     */
    private static final Pattern TAKEN_ALL_THE_SAME = Pattern.compile(
            "(?s)=null$|^path:.*=\"\\ud800\"$|^(query|header):.*=\"[ \\ud800]?\"$|\\.labels\\..*=(true|[-+.0-9E]+)$|=1E-99999$|^\\+x\\x00$|^\\.x-|^\\.result=|^\\.minutes=9+$|^\\.(heartbeats|delegations)\\b");

    private static final List<Pattern> LEAKS = Stream.of(
                    "\\b(io|java|javax|jakarta|com|org)\\.[a-z]\\w*\\.",
                    "Exception\\b|\\w\\(\\)",
                    "\\b(SELECT|INSERT|UPDATE|DELETE|WITH|FROM|WHERE)\\b",
                    "\\b(constraint|relation|column) \"|SQLSTATE",
                    "\\w(?<!\\bidempotency)_(pkey|key|idx|fkey|check)\\b",
                    "/(work|tmp|root|home)\\b|\\btarget/")
            .map(Pattern::compile)
            .toList();

    private final Map<String, String> faults = new TreeMap<>();
    private final Set<Operation> reached = new HashSet<>();
    private int sent;
    private Schemas schemas;
    private Random random;
    private SchemaValues values;

    @BeforeEach
    void start() {
        Api.emptyTheDatabase();
        String org = Call.post("/workspaces", "{\"name\": \"Org\"}").expect(201).id();
        LedgerRows.insert(org, "delegated", org, UUID.randomUUID().toString());
        schemas = new Schemas(Call.get("/q/openapi?format=json").expect(200).json());
        random = new Random(Long.getLong("seed", USUAL_SEED));
        values = new SchemaValues(schemas, random);
    }

    @Test
    void whatTheDocumentAllowsIsTakenWhatItForbidsIsRefusedAndNothingLeaks() {
        rounds(3);
    }

    @Test
    @Tag("slow")
    void whatTheDocumentAllowsIsTakenWhatItForbidsIsRefusedAndNothingLeaksInTwelveRounds() {
        rounds(12);
    }

    private void rounds(int rounds) {
        List<Operation> operations = Operation.all(schemas.document()).toList();
        for (int round = 0; round < rounds; round++) {
            for (Operation operation : operations) {
                for (String type : operation.types()) {
                    SchemaRequest request = accepted(operation, type);
                    List<SchemaRequest> broken = new ArrayList<>(request.broken());
                    Collections.shuffle(broken, random);
                    broken.stream().limit(BROKEN_OF_EACH).forEach(this::check);
                }
            }
        }
        assertEquals(Map.of(), faults, () -> "the first of each kind among " + sent);
        assertTrue(reached.size() * 4 >= operations.size() * 3, () -> "only these were ever taken: " + reached);
    }

    /** One that was taken if possible: what is broken in a request that is refused anyway shows little. */
    private SchemaRequest accepted(Operation operation, String type) {
        for (int i = 1; ; i++) {
            SchemaRequest request = SchemaRequest.valid(operation, type, values);
            assertTrue(request.fits(schemas), request::toString);
            if (check(request) < 300) {
                reached.add(operation);
                return request;
            }
            if (i == TRIES) {
                return request;
            }
        }
    }

    private int check(SchemaRequest request) {
        sent++;
        Answer answer = request.send();
        String fault = answer.status() < 300 ? faultOfReply(request, answer) : faultOfRefusal(request, answer);
        if (fault != null) {
            faults.putIfAbsent(
                    request.operation().method() + request.operation().path() + " " + fault,
                    request + "\n" + SchemaRequest.cut(answer.status() + " " + answer.text()) + "\n");
        }
        return answer.status();
    }

    private String faultOfReply(SchemaRequest request, Answer answer) {
        if (!String.valueOf(answer.header("Content-Type")).startsWith("text/event-stream")) {
            values.remember("", answer.json());
        }
        return request.fits(schemas)
                        || TAKEN_ALL_THE_SAME.matcher(request.where()).find()
                ? null
                : "taken, though it is forbidden";
    }

    private String faultOfRefusal(SchemaRequest request, Answer answer) {
        String type = String.valueOf(answer.header("Content-Type"));
        if (answer.status() < 400 || answer.status() >= 500) {
            return "broke the service";
        }
        if (!type.startsWith("application/problem+json") || !answer.code().matches("[A-Z]+(_[A-Z]+)*")) {
            return "no problem with a code";
        }
        return LEAKS.stream()
                .filter(leak -> leak.matcher(answer.text()).find())
                .map(leak -> "leaks " + leak)
                .findFirst()
                .orElse(request.fits(schemas) && isRefusedAsWrong(answer) ? "refused, though it is allowed" : null);
    }

    /** Not for what it means, as a name that is taken, but for how it is written. */
    private static boolean isRefusedAsWrong(Answer answer) {
        return List.of("BAD_REQUEST", "VALIDATION_FAILED").contains(answer.code())
                && !said(answer).allMatch(message -> BEYOND_SCHEMAS.stream().anyMatch(message::contains));
    }

    private static Stream<String> said(Answer answer) {
        JsonNode violations = answer.json().path("violations");
        return violations.isEmpty()
                ? Stream.of(answer.get("detail"))
                : Schemas.elements(violations)
                        .map(violation -> violation.path("message").asText());
    }
}
