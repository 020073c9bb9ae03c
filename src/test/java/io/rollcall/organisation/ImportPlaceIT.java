package io.rollcall.organisation;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.rollcall.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("full")
@QuarkusIntegrationTest
@QuarkusTestResource(TestDatabase.class)
class ImportPlaceIT extends ImportPlaceSuite {}
