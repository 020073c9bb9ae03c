package io.rollcall.maintenance;

import io.rollcall.schema.ExpectedSchema;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code schema drift}: what is otherwise than this release's migrations make it, a line each: {@code -} what is missing,
 * {@code +} what is there instead or besides. An object that was changed is in both.
 *
 * <p>Limits: a release knows the schema of its own migrations alone, so both must be at the same version. Owners and rights
 * are not looked at: the service gives and takes the rights of its serving role itself, at every start.
 */
final class Drift implements Command {

    @Override
    public int run(Connection connection, Arguments arguments, PrintStream out) throws SQLException {
        ExpectedSchema expected = ExpectedSchema.load();
        SchemaState state = SchemaState.read(connection);
        if (!state.isAt(expected)) {
            throw new Refused("the schema is at " + state.version().orElse("no version of ours")
                    + ", this release knows " + expected.version() + ": ask with the release that serves it");
        }
        List<String> found = Fingerprint.of(connection).lines();
        List<String> drift = new ArrayList<>();
        expected.fingerprint().stream()
                .filter(line -> !found.contains(line))
                .map(line -> "- " + line)
                .forEach(drift::add);
        found.stream()
                .filter(line -> !expected.fingerprint().contains(line))
                .map(line -> "+ " + line)
                .forEach(drift::add);
        drift.forEach(out::println);
        return drift.isEmpty() ? 0 : SchemaCommands.FOUND;
    }
}
