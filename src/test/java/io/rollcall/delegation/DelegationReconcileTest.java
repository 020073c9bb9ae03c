package io.rollcall.delegation;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DelegationReconcileTest extends DelegationReconcileSuite {}
