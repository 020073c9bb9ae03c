package io.rollcall.backup;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;

/** How many texts a query gives, and one hash over all of them in their order by code point. */
public record ContentHash(long rows, String sha256) {

    /** @param query of one text column */
    public static ContentHash of(Connection connection, String query) throws SQLException, IOException {
        Sha256 sha256 = new Sha256();
        try (Session reading = Session.begin(connection, Session.STILL);
                OutputStream out = sha256.through(OutputStream.nullOutputStream())) {
            long rows = Session.copyOut(
                    connection,
                    "COPY (SELECT line FROM (" + query + ") AS lines (line) ORDER BY line COLLATE \"C\") TO STDOUT",
                    out);
            return new ContentHash(rows, sha256.end());
        }
    }
}
