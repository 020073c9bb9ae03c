package io.rollcall.organisation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.Http.Answer;
import io.rollcall.Superuser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What must hold of the tree whatever raced, asked of the tables and of the server's own log. */
final class TreeChecks {

    private static final Path SERVER_LOG = Path.of("target", "test-database", "postgres.log");

    private TreeChecks() {}

    static long liveRows(Superuser sql) {
        return sql.number("SELECT count(*) FROM workspaces WHERE status <> 'removed'");
    }

    /** How much an import left behind: workspaces, runs, audit rows, kept replies. */
    static String written(Superuser sql) {
        return sql.text("""
                SELECT concat_ws('|', (SELECT count(*) FROM workspaces), (SELECT count(*) FROM import_runs),
                                      (SELECT count(*) FROM audit_log), (SELECT count(*) FROM idempotency_keys))
                """);
    }

    /** No duplicate, no live row without a live parent of its own organisation, no cycle. */
    static void assertSound(Superuser sql, String where) {
        assertEquals(List.of(), sql.texts("""
                        SELECT coalesce(parent_id::text, 'top') || '/' || name FROM workspaces WHERE status <> 'removed'
                         GROUP BY parent_id, name HAVING count(*) > 1
                        """), "duplicates, " + where);
        assertEquals(List.of(), sql.texts("""
                        SELECT c.id::text FROM workspaces c LEFT JOIN workspaces p ON p.id = c.parent_id
                         WHERE c.status <> 'removed' AND c.parent_id IS NOT NULL
                           AND (p.id IS NULL OR p.status = 'removed' OR p.org_id <> c.org_id)
                        """), "live rows under a missing, removed or foreign parent, " + where);
        assertEquals(
                liveRows(sql),
                sql.number("""
                        WITH RECURSIVE reached (id) AS (
                            SELECT id FROM workspaces WHERE parent_id IS NULL AND status <> 'removed'
                            UNION SELECT w.id FROM workspaces w JOIN reached r ON w.parent_id = r.id
                             WHERE w.status <> 'removed')
                        SELECT count(*) FROM reached
                        """),
                "live rows reached from live roots: the rest stand in a cycle, " + where);
    }

    /** The id of every path, which must be one over all replies. */
    static Map<String, String> agreedIds(List<Answer> answers) {
        Map<String, String> ids = new HashMap<>();
        for (Answer answer : answers) {
            for (JsonNode workspace : answer.json().get("workspaces")) {
                String path = workspace.get("path").asText();
                String id = workspace.get("id").asText();
                String known = ids.putIfAbsent(path, id);
                if (known != null) {
                    assertEquals(known, id, path);
                }
            }
        }
        return ids;
    }

    static int created(List<Answer> answers) {
        return answers.stream()
                .mapToInt(answer -> answer.json().get("created").asInt())
                .sum();
    }

    /**
     * The server writes every deadlock into its log at once; {@code pg_stat_database.deadlocks} follows only when the
     * victim's backend next reports, up to ten seconds later.
     */
    static long deadlocks() {
        try (var lines = Files.lines(SERVER_LOG)) {
            return lines.filter(line -> line.contains("deadlock detected")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
