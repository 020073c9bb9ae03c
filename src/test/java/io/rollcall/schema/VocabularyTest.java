package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import io.rollcall.workspace.WorkspaceStatus;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What is said in several places is said alike: in Java, in the live catalog and in the API's document. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class VocabularyTest {

    @Inject
    ImportIndex index;

    @Test
    void aWorkspacesStatusHasTheSameWordsInJavaSqlAndTheApi() {
        List<String> words = Arrays.stream(WorkspaceStatus.values())
                .map(WorkspaceStatus::word)
                .toList();

        assertEquals(words, check("workspaces_status"));
        assertEquals(words, enumeration("/components/schemas/WorkspaceStatus/enum"));
    }

    @Test
    void anImportsModeAndOutcomeHaveTheSameWordsInSqlAndTheApi() {
        assertEquals(check("import_runs_mode"), enumeration("/components/schemas/ImportRun/properties/mode/enum"));
        assertEquals(check("import_runs_mode"), enumeration("/components/schemas/ImportResult/properties/mode/enum"));
        assertEquals(check("import_runs_mode"), enumeration("/components/schemas/ImportRequest/properties/mode/enum"));
        assertEquals(
                check("import_runs_outcome"), enumeration("/components/schemas/ImportRun/properties/outcome/enum"));
    }

    @Test
    void theIndexThatImportsRelyOnIsTheOneTheMigrationMade() {
        assertEquals(
                ImportIndex.DEFINITION,
                Sql.one("SELECT pg_get_indexdef(to_regclass('public." + ImportIndex.NAME + "'))"));
        assertEquals(Optional.empty(), index.problem().await().atMost(Duration.ofSeconds(10)));
    }

    /** The words of {@code CHECK (column = ANY (ARRAY['a'::text, ...]))}, in its order. */
    private static List<String> check(String constraint) {
        String definition =
                Sql.one("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = ?", constraint);
        return java.util.regex.Pattern.compile("'([^']*)'::text")
                .matcher(definition)
                .results()
                .map(word -> word.group(1))
                .toList();
    }

    private static List<String> enumeration(String pointer) {
        JsonNode words = Call.get("/q/openapi?format=json").json().at(pointer);
        return StreamSupport.stream(words.spliterator(), false)
                .map(JsonNode::textValue)
                .toList();
    }
}
