package io.rollcall.schema;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * What nobody may set otherwise, above every other source of settings: Quarkus would let Flyway validate, repair, clean,
 * baseline or migrate before the {@link Gate} is asked, or on another history than the gate reads. A repair by an older binary marks what a newer one did as deleted, and the
 * newer one then runs it again.
 */
public final class FlywayFixed implements ConfigSource {

    private static final int ABOVE_SYSTEM_PROPERTIES = 500;

    /** An empty one is as good as absent. */
    private static final Map<String, String> FIXED = Map.ofEntries(
            entry("migrate-at-start", "false"),
            entry("validate-at-start", "false"),
            entry("repair-at-start", "false"),
            entry("clean-at-start", "false"),
            entry("validate-at-start.clean-on-validation-error", "false"),
            entry("clean-disabled", "true"),
            entry("baseline-at-start", "false"),
            entry("baseline-on-migrate", "false"),
            entry("validate-on-migrate", "true"),
            entry("out-of-order", "false"),
            entry("ignore-missing-migrations", "false"),
            entry("ignore-future-migrations", "false"),
            entry("ignore-migration-patterns", ""),
            entry("table", "flyway_schema_history"),
            entry("schemas", ""),
            entry("default-schema", ""));

    /** Quarkus reads each under either name. */
    private static final Map<String, String> SETTINGS = FIXED.entrySet().stream()
            .flatMap(setting -> Stream.of("quarkus.flyway.", "quarkus.flyway.\"<default>\".")
                    .map(prefix -> entry(prefix + setting.getKey(), setting.getValue())))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

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
