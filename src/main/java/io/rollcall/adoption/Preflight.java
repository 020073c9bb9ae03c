package io.rollcall.adoption;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.backup.Refusal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What stands in the way of the next step: in our own schema, of the migrations and of what is built again by itself; in
 * another system's, of its adoption. Looks, and changes nothing.
 *
 * @param system whose schema it is: {@code rollcall}, another one's name, or {@code empty}
 */
public record Preflight(String system, List<Check.Finding> findings) {

    private static final String OURS = "flyway_schema_history";

    public Preflight {
        findings = List.copyOf(findings);
    }

    /** @throws Refusal for a schema of nobody that is known here */
    public static Preflight of(Connection connection) throws SQLException {
        Database database = new Database(connection);
        if (database.hasTable("public", OURS)) {
            return run("rollcall", OwnChecks.of(database), database);
        }
        Optional<ForeignSystem> found = ForeignSystem.in(database, "public");
        if (found.isPresent()) {
            return run(found.get().name(), found.get().checks(database, "public"), database);
        }
        List<String> tables = tables(database);
        if (!tables.isEmpty()) {
            throw new Refusal(
                    "this is no schema that Rollcall knows: in public there are " + String.join(", ", tables));
        }
        return new Preflight("empty", List.of());
    }

    static Preflight run(String system, List<Check> checks, Database database) throws SQLException {
        var findings = new ArrayList<Check.Finding>();
        for (Check check : checks) {
            findings.add(check.find(database));
        }
        return new Preflight(system, findings);
    }

    static List<String> tables(Database database) throws SQLException {
        return database.texts("""
                SELECT relname FROM pg_class
                 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') ORDER BY relname LIMIT 20
                """);
    }

    /** Whether it must not go on. */
    public boolean collides() {
        return findings.stream().anyMatch(finding -> finding.check().blocking() && finding.keys() > 0);
    }

    public String text() {
        String found = findings.stream()
                .filter(finding -> finding.keys() > 0)
                .map(Preflight::text)
                .collect(Collectors.joining());
        return system + ": " + (collides() ? "collisions" : "nothing in the way") + "\n" + found;
    }

    public String json() {
        ObjectNode report =
                JsonNodeFactory.instance.objectNode().put("schema", system).put("collides", collides());
        ArrayNode checks = report.putArray("checks");
        for (Check.Finding finding : findings) {
            ObjectNode node = checks.addObject()
                    .put("check", finding.check().name())
                    .put("table", finding.check().table())
                    .put("blocking", finding.check().blocking())
                    .put("keys", finding.keys())
                    .put("rows", finding.rows())
                    .put("what", finding.check().what());
            ArrayNode sample = node.putArray("sample");
            finding.sample().forEach(sample::add);
        }
        return report.toString();
    }

    private static String text(Check.Finding finding) {
        return (finding.check().blocking() ? "in the way: " : "left where they are: ")
                + finding.check().table() + ", " + finding.check().name() + ": " + finding.keys() + " keys, "
                + finding.rows() + " rows: " + finding.check().what() + "\n"
                + finding.sample().stream().map(key -> "  " + key + "\n").collect(Collectors.joining());
    }
}
