package io.rollcall.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each check finds what it is for: a fault planted in a migration after ours, below src/test/resources/proof. */
@Tag("proof")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlantedFaultsIT {

    private static final long SEED = 0;
    private static final int SLOW_SECONDS = 5;
    private static final String LESS_PATIENCE_THAN_THAT = "3";

    @TempDir
    Path directory;

    private final List<String> missed = new ArrayList<>();
    private int planted;
    private long begin;
    private PostgresServer server;

    @BeforeAll
    void start() {
        begin = System.nanoTime();
        server = PostgresServer.start(Majors.OWN, "planted", Twice.NOBODY_ELSE);
    }

    @AfterAll
    void stop() {
        Proof.say("planted faults", Majors.OWN, begin, new Proof.Result(planted + " faults", missed));
        server.close();
    }

    @Test
    void aRollbackThatForgetsAnIndexIsFoundByTheRoundTrip() throws Exception {
        try (var database = ProofDatabase.empty(server, "planted")) {
            found(
                    new RoundTrip(planted("forgotten_index"), database).findings(),
                    "after its rollback: missing [], not there before [index CREATE INDEX workspaces_planted");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            plain_index | reads all rows of workspaces while it keeps writers out
            valid_at_once | reads all rows of workspaces while it keeps writers out
            rewrite | rewrites import_runs
            unbatched_update | writes 5000 rows of activity_logs in one transaction
            """)
    void isFoundByTheLockTrace(String fixture, String finding) throws Exception {
        found(new LockTrace(planted(fixture), server).findings(Chain.notOurs()), finding);
    }

    @Test
    void aMissingLockTimeoutIsFoundByWhoWaitsBehindAReader() throws Exception {
        List<String> findings = new WaitingBehindAReader(planted("no_lock_timeout"), server).findings(Chain.notOurs());

        found(findings, "waits for an open transaction");
        found(findings, "has others wait");
    }

    @Test
    void aLockTimeoutIsEnoughThere() throws Exception {
        var check = new WaitingBehindAReader(planted("lock_timeout"), server);

        assertEquals(List.of(), check.findings(Chain.notOurs()));
        assertEquals(1, check.gaveUp());
    }

    @ParameterizedTest
    @EnumSource
    void aBuildThatIsContentWithAnInvalidIndexIsFoundByCrashes(Dying way) throws Exception {
        found(crashes("guard_without_validity", way), "the schema is another: [index CREATE INDEX workspaces_planted");
    }

    @ParameterizedTest
    @EnumSource
    void aBuildThatCannotBeRepeatedIsFoundByCrashes(Dying way) throws Exception {
        found(crashes("guard_without_repetition", way), "the next start fails");
    }

    @ParameterizedTest
    @EnumSource
    void aBuildThatDropsAnInvalidIndexAndKeepsAValidOneStandsAllCrashes(Dying way) throws Exception {
        assertEquals(List.of(), crashes("guarded_build", way));
    }

    @Test
    void aBuildBesideWritersIsNothingToTheLockTrace() throws Exception {
        var trace = new LockTrace(planted("guarded_build"), server);

        assertEquals(List.of(), trace.findings(Chain.notOurs()));
        assertEquals(
                "workspaces ShareUpdateExclusive",
                trace.lines().values().iterator().next().get(3).locks());
    }

    @Test
    void whatWritesAtEveryStartIsFoundByTheSecondRun() throws Exception {
        found(Twice.findings(planted("written_after"), server), "the second time writes: 1 transactions");
    }

    @Test
    void aReplicaThatDoesNotWaitLongEnoughIsFound() throws Exception {
        try (var database = ProofDatabase.empty(server, "planted")) {
            List<String> findings = FiveReplicas.findings(
                    Migrations.OURS,
                    database,
                    SLOW_SECONDS,
                    Replicas.migrators(database, Migrations.OURS, LESS_PATIENCE_THAN_THAT));

            found(findings, "a replica ended");
        }
    }

    private List<String> crashes(String fixture, Dying way) throws Exception {
        return new CrashEverywhere(planted(fixture), server).findings(Chain.notOurs(), way, 1, SEED);
    }

    private Migrations planted(String fixture) {
        return Migrations.planted(fixture, directory.resolve(fixture + System.nanoTime()));
    }

    private void found(List<String> findings, String expected) {
        planted++;
        String miss = expected + " is not in " + findings;
        boolean found = findings.stream().anyMatch(finding -> finding.contains(expected));
        if (!found) {
            missed.add(miss);
        }
        assertTrue(found, miss);
    }
}
