package io.rollcall.adoption;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.ServiceProcess;
import io.rollcall.Superuser;
import io.rollcall.embedded.EmbeddedServer;
import io.rollcall.maintenance.SchemaCommand;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a server of its own, where nobody else begins a transaction: what looks must not write. */
@Tag("full")
class PreflightTest {

    private static final EmbeddedServer SERVER = new EmbeddedServer();
    private static final String DATA = """
            SELECT md5(string_agg(w::text, '' ORDER BY w.id)) || (SELECT count(*) FROM pg_class)
              FROM workspaces w
            """;

    private static String owner;
    private static Superuser sql;

    @BeforeAll
    static void start() throws IOException, SQLException {
        Path directory = ServiceProcess.freshDirectory("preflight");
        owner = SERVER.start(directory).owner();
        URI url = URI.create(owner);
        sql = new Superuser(DriverManager.getConnection(
                "jdbc:postgresql://" + url.getHost() + ":" + url.getPort() + url.getPath(),
                "postgres",
                Files.readAllLines(directory.resolve("passwords")).get(0)));
        sql.execute("ALTER SYSTEM SET autovacuum = off");
        sql.execute("SELECT pg_reload_conf()");
        sql.execute(Foreign.MOLECULE);
        sql.execute(
                "DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP"
                        + " EXECUTE format('ALTER TABLE %I OWNER TO ' || quote_ident('"
                        + url.getUserInfo().split(":")[0] + "'), t); END LOOP; END $$");
    }

    @AfterAll
    static void stop() {
        sql.close();
        SERVER.stop();
    }

    @Test
    void itCountsExactlyShowsTwentyAndChangesNothing() throws Exception {
        sql.execute("INSERT INTO workspaces (name, parent_id) SELECT name, parent_id FROM workspaces"
                + " WHERE name ~ '^Näme [1-3][0-9]$'");
        String data = sql.text(DATA);
        String next = sql.text("SELECT pg_snapshot_xmax(pg_current_snapshot())");

        SchemaCommand json = SchemaCommand.run(owner, "preflight", "--json");
        SchemaCommand text = SchemaCommand.run(owner, "preflight");

        assertEquals(next, sql.text("SELECT pg_snapshot_xmax(pg_current_snapshot())"));
        assertEquals(data, sql.text(DATA));
        assertEquals(1, json.exitCode());
        JsonNode report = new ObjectMapper().readTree(json.out());
        assertEquals("molecule-core", report.path("schema").asText());
        assertTrue(report.path("collides").asBoolean());
        JsonNode twice = report.at("/checks/0");
        assertEquals(
                "workspaces_parent_name_uniq workspaces 30 60 20",
                String.join(
                        " ",
                        twice.path("check").asText(),
                        twice.path("table").asText(),
                        twice.path("keys").asText(),
                        twice.path("rows").asText(),
                        "" + twice.path("sample").size()));
        assertEquals(32, report.at("/checks/5/keys").asInt());
        assertEquals(20, report.at("/checks/5/sample").size());
        assertEquals(1, text.exitCode());
        assertTrue(text.out().startsWith("molecule-core: collisions\nin the way: workspaces"), text.out());

        sql.execute("DELETE FROM workspaces WHERE name ~ '^Näme [1-3][0-9]$' AND url IS NULL");
        SchemaCommand mended = SchemaCommand.run(owner, "preflight");
        assertEquals(0, mended.exitCode(), mended.out());
        assertTrue(mended.out().startsWith("molecule-core: nothing in the way\nleft where they are"), mended.out());
    }
}
