package io.rollcall.settings;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.rollcall.TestDatabase;

@QuarkusIntegrationTest
@QuarkusTestResource(TestDatabase.class)
class SettingsIT extends SettingsSuite {}
