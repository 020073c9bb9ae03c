package io.rollcall.events;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SocketTest extends SocketSuite {}
