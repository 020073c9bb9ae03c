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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** agentmux's tables get the names of today, and nothing else of them changes. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AgentmuxTest {

    private static final String OLD_NAMES = """
            SELECT name FROM (SELECT relname FROM pg_class UNION SELECT conname FROM pg_constraint) AS n (name)
             WHERE name ~ '^(db|idx)_(forge|identities|memories)' ORDER BY 1
            """;

    @TempDir
    Path directory;

    private ScratchDatabase database;
    private Adopting adopting;

    @BeforeEach
    void create() throws SQLException {
        database = new ScratchDatabase("scratch_agentmux");
        adopting = new Adopting("agentmux", database, directory.resolve("backup"));
        Foreign.agentmux(database);
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void oldNamesBecomeThePresentOnesWithRowsKeysCascadesIndexesAndNumbers() throws Exception {
        String before = hash("db_forge_agents", "db_forge_history", "db_forge_content", "db_identities");

        adopting.run();

        assertEquals(List.of(), database.rows(OLD_NAMES));
        database.script("SET search_path = agentmux");
        assertEquals(
                before,
                hash(
                        "agentmux.db_agent_definitions",
                        "agentmux.db_agent_history",
                        "agentmux.db_agent_content",
                        "agentmux.db_identity_bundles"));
        assertEquals(
                List.of("idx_agent_definitions_slug", "idx_agent_history_agent_date", "idx_identity_bundles_is_blank"),
                database.rows("SELECT relname FROM pg_class WHERE relkind = 'i' AND relname LIKE 'idx%' ORDER BY 1"));
        assertEquals(
                List.of("5001"),
                database.rows("INSERT INTO agentmux.db_agent_history (agent_id) VALUES ('a1') RETURNING id"));
        database.script("DELETE FROM agentmux.db_agent_definitions WHERE id = 'a7';"
                + " DELETE FROM agentmux.db_identity_bundles WHERE id = 'i1'");
        assertEquals(
                List.of("0"), database.rows("SELECT count(*) FROM agentmux.db_agent_history WHERE agent_id = 'a7'"));
        assertEquals(List.of("0"), database.rows("SELECT count(*) FROM agentmux.db_identity_bindings"));
        assertEquals(List.of("t"), database.rows("SELECT to_regclass('public.workspaces') IS NOT NULL"));
    }

    @Test
    void bothNamesAreKeptAsTheyAreAndTheOthersAreRenamed() throws Exception {
        database.script("""
                CREATE TABLE db_identity_bundles (id text PRIMARY KEY, name text, is_blank int);
                INSERT INTO db_identity_bundles VALUES ('blank', '__blank__', 1), ('i2', 'Two', 0), ('i3', 'Three', 0);
                """);
        String before = hash("db_identities", "db_identity_bundles");

        String said = adopting.run();

        assertTrue(said.contains("left where they are: db_identities, both_present: 1 keys, 2 rows"), said);
        assertEquals(before, hash("agentmux.db_identities", "agentmux.db_identity_bundles"));
        assertEquals(
                List.of("db_identities", "db_identities_name_key", "db_identities_pkey", "idx_identities_is_blank"),
                database.rows(OLD_NAMES));
    }

    @Test
    void whatWasPartlyRenamedIsRenamedToTheEnd() throws Exception {
        database.script("ALTER TABLE db_forge_history RENAME TO db_agent_history;"
                + " ALTER TABLE db_identities RENAME TO db_identity_bundles;"
                + " ALTER INDEX idx_identities_is_blank RENAME TO idx_identity_bundles_is_blank");

        adopting.run();

        assertEquals(List.of(), database.rows(OLD_NAMES));
        assertEquals(List.of("5000"), database.rows("SELECT count(*) FROM agentmux.db_agent_history"));
    }

    @Test
    void endedAfterEveryPartAndRunAgainItComesToTheSame() throws Exception {
        assertTrue(adopting.runKilledAfterEveryPart() > 9);

        assertEquals(List.of(), database.rows(OLD_NAMES));
        assertEquals("agentmux was taken over already; there is nothing to do\n", adopting.run());
    }

    private String hash(String... tables) {
        var all = new StringBuilder();
        for (String table : tables) {
            all.append(database.rows("SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM " + table + " t"));
        }
        return all.toString();
    }
}
