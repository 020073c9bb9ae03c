package io.rollcall.maintenance;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;

/** {@code schema fingerprint}: one line that is equal for equal schemas; with {@code --lines} what it is made of. */
final class PrintFingerprint implements Command {

    @Override
    public int run(Connection connection, Arguments arguments, PrintStream out) throws SQLException {
        Fingerprint fingerprint = Fingerprint.of(connection);
        if (arguments.has("lines")) {
            fingerprint.lines().forEach(out::println);
        } else {
            out.println(fingerprint.sha256());
        }
        return 0;
    }
}
