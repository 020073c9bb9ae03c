package io.rollcall.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.restassured.RestAssured;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./rollcall audit verify} as an operator runs it, beside the service, on a database that somebody changed. */
@Tag("full")
@QuarkusIntegrationTest
@QuarkusTestResource(TestDatabase.class)
class AuditVerifyIT {

    private static final String MOVED = " does not follow from the entry before it: edited, put between or moved";

    /** The trail's heads, which cannot be read but tell what the session's transactions are from the start. */
    private static final String SAYS_WHAT_A_SESSION_MAY = """
            CREATE FUNCTION tell() RETURNS uuid LANGUAGE plpgsql AS $$
            BEGIN RAISE 'transactions are read-only: %', current_setting('default_transaction_read_only'); END $$;
            CREATE VIEW audit_heads AS SELECT tell() AS org_id, 1::bigint AS sequence, ''::bytea AS sha256;
            GRANT SELECT ON audit_heads TO PUBLIC
            """;

    @TempDir
    Path directory;

    private Superuser sql;

    @BeforeEach
    void empty() {
        Api.emptyTheDatabase();
        sql = Superuser.connect();
    }

    @AfterEach
    void end() {
        sql.close();
    }

    @Test
    void whatNobodyTouchedIsIntactAndItsHeadsArePrinted() throws Exception {
        String acme = organisation("Acme", 3);
        awaitSealed();

        Run run = verify();

        assertEquals(0, run.exitCode(), run.faults());
        assertEquals("rollcall: 3 entries in 1 chains, 0 faults; 0 entries not sealed yet\n", run.faults());
        assertEquals(acme + " 3 " + hash(acme, 3) + "\n", run.heads());
    }

    @Test
    void everyKindOfTamperingIsFoundAtItsPlace() throws Exception {
        String edited = organisation("Edited", 5);
        String deleted = organisation("Deleted", 5);
        String inserted = organisation("Inserted", 5);
        String swapped = organisation("Swapped", 5);
        String cut = organisation("Cut", 5);
        organisation("Intact", 5);
        awaitSealed();

        sql.withoutTriggers("UPDATE audit_log SET actor = 'nobody' WHERE sequence = 3 AND org_id = '" + edited + "'");
        sql.withoutTriggers("DELETE FROM audit_log WHERE sequence = 2 AND org_id = '" + deleted + "'");
        // From the end, since the place after is taken.
        for (int i = 5; i > 2; i--) {
            sql.withoutTriggers("UPDATE audit_log SET sequence = sequence + 1 WHERE sequence = " + i + " AND org_id = '"
                    + inserted + "'");
        }
        sql.withoutTriggers(
                "INSERT INTO audit_log (org_id, actor, action, target, request_id, sequence, sha256) VALUES ('"
                        + inserted + "', 'a', 'b', 'c', 'd', 3, sha256('x'))");
        for (String places : List.of("2, 99", "4, 2", "99, 4")) {
            String[] fromTo = places.split(", ");
            sql.withoutTriggers("UPDATE audit_log SET sequence = " + fromTo[1] + " WHERE sequence = " + fromTo[0]
                    + " AND org_id = '" + swapped + "'");
        }
        sql.withoutTriggers("DELETE FROM audit_log WHERE sequence > 3 AND org_id = '" + cut + "'");

        Run run = verify();

        assertEquals(1, run.exitCode(), run.faults());
        assertEquals(
                List.of(
                        edited + " 3" + MOVED,
                        deleted + " 2 is missing",
                        inserted + " 3" + MOVED,
                        inserted + " 4" + MOVED,
                        inserted + " 6 is the last one, which the chain's head contradicts",
                        swapped + " 2" + MOVED,
                        swapped + " 3" + MOVED,
                        swapped + " 4" + MOVED,
                        swapped + " 5" + MOVED,
                        cut + " 4 to 5 are missing",
                        "rollcall: 28 entries in 6 chains, 10 faults; 0 entries not sealed yet"),
                run.faults().lines().toList());
    }

    @Test
    void aTailThatWasCutTogetherWithItsHeadIsFoundByTheHeadsOfBefore() throws Exception {
        String acme = organisation("Acme", 5);
        String beta = organisation("Beta", 2);
        awaitSealed();
        Path heads = Files.writeString(directory.resolve("heads"), verify().heads());
        Call.patch("/workspaces/" + beta, "{\"tier\": 3}").expect(200);
        awaitSealed();

        Run before = verify("--heads", heads.toString());
        assertEquals(0, before.exitCode(), "grown since: " + before.faults());

        sql.withoutTriggers("DELETE FROM audit_log WHERE sequence > 3 AND org_id = '" + acme + "'");
        sql.withoutTriggers("UPDATE audit_heads h SET sequence = a.sequence, sha256 = a.sha256 FROM audit_log a"
                + " WHERE a.sequence = 3 AND a.org_id = h.org_id AND h.org_id = '" + acme + "'");
        assertEquals(0, verify().exitCode());

        Run after = verify("--heads", heads.toString());
        assertEquals(1, after.exitCode());
        assertTrue(after.faults().startsWith(acme + " 4 to 5 are missing\n"), after.faults());
    }

    @Test
    void anotherWayToCallItIsTold() throws Exception {
        assertEquals(64, run("rollcall", "audit").exitCode());
        assertEquals(64, run("rollcall", "audit", "verify", "--heads").exitCode());
        Run missing = verify("--heads", directory.resolve("none").toString());
        assertEquals(64, missing.exitCode());
        assertTrue(missing.faults().contains("cannot read the heads of"), missing.faults());
        Path heads = Files.writeString(directory.resolve("heads"), "platform 1 00\n");
        assertEquals(64, verify("--heads", heads.toString()).exitCode());
    }

    /** And neither migrated, nor written to by anything else that happens at a start. */
    @Test
    void aDatabaseThatCannotBeReadIsNotABrokenTrail() throws Exception {
        sql.execute("DROP DATABASE IF EXISTS not_ours");
        sql.execute("CREATE DATABASE not_ours OWNER rollcall");
        try {
            Run run = run("not_ours", "audit", "verify");

            assertEquals(69, run.exitCode(), run.faults());
            assertTrue(run.faults().startsWith("rollcall: the audit trail cannot be read: "), run.faults());
            assertEquals(1, run.faults().lines().count(), "and nothing else was tried: " + run.faults());
            assertEquals("", run.heads());

            try (var there = new Superuser(TestDatabase.connectAsSuperuser("not_ours"))) {
                there.execute(SAYS_WHAT_A_SESSION_MAY);
            }
            run = run("not_ours", "audit", "verify");

            assertTrue(run.faults().contains("transactions are read-only: on"), run.faults());
        } finally {
            sql.execute("DROP DATABASE not_ours WITH (FORCE)");
        }
    }

    /** One entry for its creation, the others for changes. */
    private static String organisation(String name, int entries) {
        String id = Call.post("/workspaces", "{\"name\":\"" + name + "\"}")
                .expect(201)
                .id();
        for (int i = 1; i < entries; i++) {
            Call.patch("/workspaces/" + id, "{\"tier\": " + i + "}").expect(200);
        }
        return id;
    }

    private static String hash(String orgId, long sequence) {
        return Sql.one(
                "SELECT encode(sha256, 'hex') FROM audit_log WHERE org_id = ?::uuid AND sequence = ?", orgId, sequence);
    }

    private static void awaitSealed() {
        Await.until("all is sealed", () -> Sql.count("SELECT count(*) FROM audit_log WHERE sequence IS NULL") == 0);
    }

    private Run verify(String... options) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of("audit", "verify"));
        words.addAll(List.of(options));
        return run("rollcall", words.toArray(String[]::new));
    }

    private Run run(String database, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("./rollcall"));
        command.addAll(List.of(words));
        Path heads = directory.resolve("out");
        Path faults = directory.resolve("err");
        var builder = new ProcessBuilder(command).redirectOutput(heads.toFile()).redirectError(faults.toFile());
        builder.environment().put("JAVA_OPTS", "-Xmx128m");
        // The port is the service's: who took one would find it taken.
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(RestAssured.port));
        builder.environment()
                .put(
                        "ROLLCALL_DATABASE_URL",
                        System.getProperty("test.database.url").replaceFirst("[^/]*$", database));
        Process process = builder.start();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), "ends");
        return new Run(process.exitValue(), Files.readString(heads), Files.readString(faults));
    }

    private record Run(int exitCode, String heads, String faults) {}
}
