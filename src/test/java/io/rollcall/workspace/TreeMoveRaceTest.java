package io.rollcall.workspace;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TreeMoveRaceTest extends TreeMoveRaceSuite {}
