package io.rollcall.proof;

import io.rollcall.Superuser;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole chain twice: the second time applies nothing, and on a server where nobody else does anything the next transaction's
 * number stays what it was. Flyway itself needs none: its advisory lock and its look at the history are not transactions
 * that write.
 */
final class Twice {

    /** So that nothing but the migration takes a transaction's number. */
    static final java.util.Map<String, String> NOBODY_ELSE = java.util.Map.of("autovacuum", "off");

    private Twice() {}

    static List<String> findings(Migrations migrations, PostgresServer server) {
        var findings = new ArrayList<String>();
        try (var database = ProofDatabase.empty(server, "twice");
                Superuser superuser = server.superuser()) {
            int first = database.migrate(migrations, "latest");
            if (first != migrations.steps().size()) {
                findings.add("the first time applies " + first + " of "
                        + migrations.steps().size());
            }
            String fingerprint = database.fingerprint();
            long before = nextTransaction(superuser);

            int second = database.migrate(migrations, "latest");

            long after = nextTransaction(superuser);
            if (second != 0) {
                findings.add("the second time applies " + second);
            }
            if (after != before) {
                findings.add("the second time writes: " + (after - before) + " transactions");
            }
            if (!fingerprint.equals(database.fingerprint())) {
                findings.add("the second time changes the schema");
            }
        }
        return findings;
    }

    private static long nextTransaction(Superuser superuser) {
        return superuser.number("SELECT pg_snapshot_xmax(pg_current_snapshot())");
    }
}
