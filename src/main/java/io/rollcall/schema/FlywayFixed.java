package io.rollcall.schema;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * What nobody may set otherwise: Quarkus would let Flyway repair, clean, baseline or migrate before the {@link Gate} is
 * asked, and above every other source of settings. A repair by an older binary marks what a newer one did as deleted, and the
 * newer one then runs it again.
 */
public final class FlywayFixed implements ConfigSource {

    private static final int ABOVE_SYSTEM_PROPERTIES = 500;

    private static final Map<String, String> SETTINGS = Map.of(
            "quarkus.flyway.migrate-at-start", "false",
            "quarkus.flyway.repair-at-start", "false",
            "quarkus.flyway.clean-at-start", "false",
            "quarkus.flyway.clean-disabled", "true",
            "quarkus.flyway.baseline-at-start", "false",
            "quarkus.flyway.baseline-on-migrate", "false",
            "quarkus.flyway.validate-on-migrate", "true",
            "quarkus.flyway.out-of-order", "false");

    @Override
    public Set<String> getPropertyNames() {
        return SETTINGS.keySet();
    }

    @Override
    public @Nullable String getValue(String name) {
        return SETTINGS.get(name);
    }

    @Override
    public int getOrdinal() {
        return ABOVE_SYSTEM_PROPERTIES;
    }

    @Override
    public String getName() {
        return "Rollcall's fixed settings of Flyway";
    }
}
