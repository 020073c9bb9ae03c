package io.rollcall.maintenance;

import io.rollcall.schema.ExpectedSchema;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** {@code schema fingerprint}: one line that is equal for equal schemas; with {@code --lines} what it is made of. */
final class PrintFingerprint implements Command {

    @Override
    public int run(Connection connection, Arguments arguments, PrintStream out) throws SQLException {
        Fingerprint fingerprint = Fingerprint.of(connection);
        if (arguments.has("lines")) {
            out.print(new ExpectedSchema(List.of(), fingerprint.lines()).text());
        } else {
            out.println(fingerprint.sha256());
        }
        return 0;
    }
}
