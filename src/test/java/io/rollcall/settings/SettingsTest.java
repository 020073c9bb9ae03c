package io.rollcall.settings;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SettingsTest extends SettingsSuite {}
