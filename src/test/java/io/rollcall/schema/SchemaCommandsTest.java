package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the commands that only look say of a database. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SchemaCommandsTest {

    private ScratchDatabase database;

    @BeforeEach
    void create() {
        database = new ScratchDatabase("scratch_commands");
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void statusOfAnEmptyDatabaseAHalfMigratedOneAndACompleteOne() throws Exception {
        ExpectedSchema expected = ExpectedSchema.load();
        assertEquals(expected.migrations(), texts(status(1).get("pending")));
        assertEquals("none", status(1).get("schema_version").asText());

        database.migrate("20261122100000");
        JsonNode half = status(1);
        assertEquals("20261122100000", half.get("schema_version").asText());
        assertEquals("0.1.0", half.get("min_compatible_binary").asText());
        assertEquals("20261122100100", half.get("pending").get(0).asText());

        database.migrate("latest");
        database.script("INSERT INTO instances (id, version) VALUES (gen_random_uuid(), '0.9.0'),"
                + " (gen_random_uuid(), '0.10.0'), (gen_random_uuid(), '0.10.0')");
        JsonNode complete = status(0);
        assertEquals(expected.version(), complete.get("schema_version").asText());
        assertEquals("{\"0.9.0\":1,\"0.10.0\":2}", complete.get("instances").toString());
        assertEquals(List.of(), texts(complete.get("of_newer_releases")));

        database.script("INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
                + " installed_by, execution_time, success) VALUES (999, '99990101000000', 'x', 'SQL', 'x', 'x', 1, true),"
                + " (1000, '99990102000000', 'x', 'SQL', 'x', 'x', 1, false)");
        JsonNode newer = status(76);
        assertFalse(newer.get("admits_this_release").asBoolean(true));
        assertEquals(List.of("99990101000000"), texts(newer.get("of_newer_releases")));
        assertEquals(List.of("99990102000000"), texts(newer.get("failed")));

        database.script("UPDATE schema_version SET version = '99990101000000'; DELETE FROM flyway_schema_history"
                + " WHERE NOT success; DELETE FROM instances");
        assertTrue(status(0).get("admits_this_release").asBoolean());
        database.script("UPDATE schema_version SET min_compatible_binary = '99.0.0'");
        assertFalse(status(76).get("admits_this_release").asBoolean(true));
        database.script("DELETE FROM schema_version");
        assertFalse(status(76).get("admits_this_release").asBoolean(true));
    }

    @Test
    void theSameSchemaHasTheSameFingerprintAndAnotherAnother() throws Exception {
        database.migrate("latest");
        String once = database.command("schema", "fingerprint");
        database.script("INSERT INTO admin_token (sha256) VALUES (decode(repeat('00', 32), 'hex'))");
        assertEquals(once, database.command("schema", "fingerprint"));

        database.script("CREATE TABLE more (id int)");
        assertNotEquals(once, database.command("schema", "fingerprint"));
    }

    @Test
    void nothingHasDriftedAfterAMigrationAndInAnotherReleasesSchemaNobodyCanTell() {
        database.migrate("20261122100000");
        assertEquals("", database.command(1, "schema", "drift"));
        database.migrate("latest");
        assertEquals("", database.command("schema", "drift"));
    }

    private JsonNode status(int code) throws Exception {
        return new ObjectMapper().readTree(database.command(code, "schema", "status", "--json"));
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
