package io.rollcall.maintenance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rollcall.schema.ExpectedSchema;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * {@code schema status}: how far the schema is, what would be migrated, who serves. Exit code 0: nothing is to be done;
 * {@value SchemaCommands#TOO_NEW}: this release would refuse to serve there.
 */
final class Status implements Command {

    @Override
    public int run(Connection connection, Arguments arguments, PrintStream out)
            throws SQLException, JsonProcessingException {
        ExpectedSchema expected = ExpectedSchema.load();
        SchemaState state = SchemaState.read(connection);
        List<String> pending = expected.migrations().stream()
                .filter(version -> !state.applied().contains(version))
                .toList();
        List<String> unknown = state.applied().stream()
                .filter(version -> !expected.migrations().contains(version))
                .toList();
        boolean admits = state.admits(expected, release());
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("schema_version", state.version().orElse("none"));
        said.put("release_knows", expected.version());
        said.put("min_compatible_binary", state.minimum().orElse("none"));
        said.put("phase", state.phase().orElse("none"));
        said.put("admits_this_release", admits);
        said.put("pending", pending);
        said.put("of_newer_releases", unknown);
        said.put("failed", state.failed());
        said.put("invalid_indexes", state.invalidIndexes());
        said.put("instances", state.instances());
        if (arguments.has("json")) {
            out.println(new ObjectMapper().writeValueAsString(said));
        } else {
            said.forEach((name, value) -> out.printf("%-22s %s%n", name, value));
        }
        if (!admits) {
            return SchemaCommands.TOO_NEW;
        }
        return pending.isEmpty()
                        && state.failed().isEmpty()
                        && state.invalidIndexes().isEmpty()
                ? 0
                : SchemaCommands.FOUND;
    }

    /** Of the jar; of the configuration where there is none, as in a test. A command runs before there is a configuration. */
    private static Optional<String> release() {
        return Optional.ofNullable(Status.class.getPackage().getImplementationVersion())
                .or(() -> ConfigProvider.getConfig().getOptionalValue("quarkus.application.version", String.class));
    }
}
