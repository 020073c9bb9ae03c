package io.rollcall.delegation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.BeatLoad;
import io.rollcall.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Races of the ledger while agents beat at full rate. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LedgerRaceBesideBeatsTest extends LedgerRaceTest {

    private static BeatLoad load;

    @BeforeAll
    static void beat() {
        load = new BeatLoad();
    }

    @AfterAll
    static void stop() {
        load.close();
        assertTrue(load.recorded() > 1000, load.recorded() + " beats beside it");
    }
}
