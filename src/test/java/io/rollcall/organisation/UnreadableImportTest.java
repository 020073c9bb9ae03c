package io.rollcall.organisation;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import org.junit.jupiter.api.Tag;

@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class UnreadableImportTest extends UnreadableImportSuite {}
