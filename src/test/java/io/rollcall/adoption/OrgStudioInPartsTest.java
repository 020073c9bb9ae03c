package io.rollcall.adoption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import io.rollcall.schema.ScratchDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adoption of an org-studio database ends after every one of its parts, and is begun again each time. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class OrgStudioInPartsTest {

    private static final int METRICS = 4000;
    private static final String P = "org_studio_";

    @TempDir
    Path directory;

    @Test
    void endedAfterEveryPartAndRunAgainItComesToTheSame() throws Exception {
        try (var database = new ScratchDatabase("scratch_org_studio");
                var other = new ScratchDatabase("scratch_org_studio_whole")) {
            Foreign.orgStudio(database, P, METRICS);
            int parts = new Adopting("org-studio", database, directory.resolve("backup")).runKilledAfterEveryPart();
            assertTrue(parts > 20, parts + " parts");

            Foreign.orgStudio(other, P, METRICS);
            // The same times, which the script takes from the clock.
            for (String table : List.of("heartbeats", "settings")) {
                other.script("TRUNCATE " + P + table);
                copy(database, table, other);
            }
            new Adopting("org-studio", other, directory.resolve("other")).run();
            assertEquals(withoutTimes(Foreign.adopted(other)), withoutTimes(Foreign.adopted(database)));
        }
    }

    private static void copy(ScratchDatabase database, String table, ScratchDatabase other) throws SQLException {
        for (String row : database.rows("SELECT quote_literal(to_jsonb(t)) FROM org_studio." + P + table + " t")) {
            other.script("INSERT INTO " + P + table + " SELECT r.* FROM jsonb_populate_record(NULL::" + P + table + ", "
                    + row + ") r");
        }
    }

    private static List<String> withoutTimes(List<String> rows) {
        return rows.stream()
                .map(row -> row.replaceAll("\"created_at\": \"[^\"]*\"", ""))
                .toList();
    }
}
