package io.rollcall.heartbeat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.rollcall.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("full")
@QuarkusIntegrationTest
@QuarkusTestResource(TestDatabase.class)
class PauseIT extends PauseSuite {}
