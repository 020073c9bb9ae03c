package io.rollcall.delegation;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.BeatLoad;
import io.rollcall.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The ledger while agents beat at full rate. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class LedgerBesideBeatsTest extends LedgerSuite {

    private static BeatLoad load;

    @BeforeAll
    static void beat() {
        load = new BeatLoad();
    }

    @AfterAll
    static void stop() {
        BeatLoad.end(load);
    }
}
