package io.rollcall.events;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.rollcall.TestDatabase;

@QuarkusIntegrationTest
@QuarkusTestResource(TestDatabase.class)
class EventsIT extends EventsSuite {}
