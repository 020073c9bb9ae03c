package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The ledger's words are those of {@link DelegationStatus}, in the live catalog and in the API's document. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DelegationVocabularyTest {

    private static final Pattern WORD = Pattern.compile("'([a-z_]+)'::text");

    @Test
    void aStatusHasTheSameWordsInJavaSqlAndTheApi() {
        List<String> words = words(List.of(DelegationStatus.values()));

        assertEquals(words, constraint("delegations_status"));
        assertEquals(words, enumeration("/components/schemas/DelegationStatus/enum"));
        assertEquals(words, fields("DelegationStats"));
    }

    @Test
    void listsTakeTheStatusesAndTheWordsInTheirPlace() {
        assertEquals(
                Stream.concat(
                                words(List.of(DelegationStatus.values())).stream(),
                                Stream.of("in_flight", "overdue", "awaiting_reply"))
                        .toList(),
                DelegationFilter.WORDS);
        for (String path : List.of("/delegations", "/admin/delegations")) {
            assertEquals(DelegationFilter.WORDS, parameter(path, "status"));
        }
    }

    @Test
    void outcomesAndKindsHaveTheSameWordsInSqlAndTheApi() {
        assertEquals(
                constraint("delegations_outcome"),
                enumeration("/components/schemas/Delegation/properties/outcome/anyOf/0/enum"));
        assertEquals(
                constraint("delegations_outcome"),
                enumeration("/components/schemas/DelegationDetail/properties/outcome/anyOf/0/enum"));
        assertEquals(
                constraint("delegation_events_kind"),
                enumeration("/components/schemas/DelegationEvent/properties/kind/enum"));
    }

    @Test
    void theDatabaseAllowsTheMovesThatTheEnumAllows() {
        Map<String, Boolean> legal = new TreeMap<>();
        for (DelegationStatus was : DelegationStatus.values()) {
            for (DelegationStatus becomes : DelegationStatus.values()) {
                legal.put(was.word() + " " + becomes.word(), was.mayBecome(becomes));
            }
        }
        Map<String, Boolean> allowed = new TreeMap<>();
        Sql.rows("""
                SELECT w || ' ' || b, delegation_may_become(w, b)
                  FROM unnest(string_to_array(?, ' ')) w, unnest(string_to_array(?, ' ')) b
                """, joined(), joined()).forEach(row -> allowed.put(row.split("\\|")[0], row.endsWith("|t")));

        assertEquals(36, allowed.size());
        assertEquals(legal, allowed);
    }

    /** One that missed {@code stuck} had a list read 200,000 rows for each page (molecule-core #4314). */
    @Test
    void everyIndexThatNamesStatusesNamesASetOfTheEnumsAndInFlightHasOneMeaning() {
        Map<String, Set<String>> named = new TreeMap<>();
        for (String row : Sql.rows("""
                SELECT c.relname, pg_get_expr(i.indpred, i.indrelid)
                  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                 WHERE i.indrelid = 'delegations'::regclass AND i.indpred IS NOT NULL
                """)) {
            String[] columns = row.split("\\|", 2);
            Set<String> words = new TreeSet<>(quoted(columns[1]));
            if (!words.isEmpty()) {
                named.put(columns[0], words);
            }
            if (columns[0].startsWith("delegations_in_flight_")) {
                assertEquals("(finished_at IS NULL)", columns[1], columns[0]);
            } else {
                assertTrue(!columns[1].contains("finished_at") || columns[1].contains("(finished_at IS NULL)"), row);
            }
        }
        assertEquals(
                Map.of(
                        "delegations_awaited_by_caller", new TreeSet<>(words(DelegationStatus.AWAITED)),
                        "delegations_gone_wrong", new TreeSet<>(words(DelegationStatus.GONE_WRONG))),
                named);
    }

    @Test
    void whatTheCheckTakesForAnEndIsOneInTheEnum() {
        String check =
                Sql.one("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'delegations_finished'");
        Set<String> ends = new TreeSet<>();
        Pattern.compile("WHEN '([a-z_]+)'::text THEN \\(finished_at IS NOT NULL\\)")
                .matcher(check)
                .results()
                .forEach(end -> ends.add(end.group(1)));

        assertEquals(
                new TreeSet<>(Arrays.stream(DelegationStatus.values())
                        .filter(status ->
                                Arrays.stream(DelegationStatus.values()).noneMatch(status::mayBecome))
                        .map(DelegationStatus::word)
                        .toList()),
                ends);
    }

    private static String joined() {
        return String.join(" ", words(List.of(DelegationStatus.values())));
    }

    private static List<String> words(Collection<DelegationStatus> statuses) {
        return statuses.stream().map(DelegationStatus::word).toList();
    }

    private static List<String> constraint(String name) {
        return quoted(Sql.one("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = ?", name));
    }

    private static List<String> quoted(String definition) {
        return WORD.matcher(definition).results().map(word -> word.group(1)).toList();
    }

    private static JsonNode document() {
        return Call.get("/q/openapi?format=json").json();
    }

    private static List<String> enumeration(String pointer) {
        return texts(document().at(pointer));
    }

    private static List<String> fields(String schema) {
        return document().at("/components/schemas/" + schema + "/properties").properties().stream()
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<String> parameter(String path, String name) {
        return StreamSupport.stream(
                        document()
                                .path("paths")
                                .path(path)
                                .at("/get/parameters")
                                .spliterator(),
                        false)
                .filter(parameter -> parameter.path("name").asText().equals(name))
                .findFirst()
                .map(parameter -> texts(parameter.at("/schema/enum")))
                .orElseThrow();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }
}
