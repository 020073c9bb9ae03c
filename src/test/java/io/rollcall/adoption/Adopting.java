package io.rollcall.adoption;

import io.rollcall.DatabaseUrl;
import io.rollcall.schema.ScratchDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** An adoption in this process, with somebody who watches its parts and may end it after any. */
record Adopting(String system, ScratchDatabase database, Path backup) {

    /** What a kill looks like to who called. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    String run() throws SQLException, IOException {
        return run(part -> {});
    }

    String run(Consumer<String> passed) throws SQLException, IOException {
        var out = new ByteArrayOutputStream();
        try (Connection connection = database.connect()) {
            Adoption.run(
                    system,
                    connection,
                    DatabaseUrl.owner(database.ownerUrl()),
                    backup,
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    passed);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Ends it after every kind of part once, and goes on from there. @return after how many */
    int runKilledAfterEveryPart() throws SQLException, IOException {
        Set<String> met = new HashSet<>();
        while (true) {
            try {
                run(part -> {
                    if (met.add(part.replaceAll("[0-9]+ rows.*|, .*", ""))) {
                        throw new Killed();
                    }
                });
                return met.size();
            } catch (Killed goOn) {
                // As if nobody was there any more; the connection is closed, which ends its transaction.
            }
        }
    }
}
