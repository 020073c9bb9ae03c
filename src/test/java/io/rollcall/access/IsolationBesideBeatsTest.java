package io.rollcall.access;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.rollcall.BeatLoad;
import io.rollcall.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** What organisations see of each other while agents beat at full rate. */
@Tag("slow")
@QuarkusTest
@TestProfile(IsolationTest.WithTornWalls.class)
@QuarkusTestResource(TestDatabase.class)
class IsolationBesideBeatsTest extends IsolationTest {

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
