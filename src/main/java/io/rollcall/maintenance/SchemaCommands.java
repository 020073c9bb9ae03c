package io.rollcall.maintenance;

import io.rollcall.DatabaseUrl;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code rollcall schema <command>}: looks into a database, or works on it, without serving. Standard output gets what was
 * asked for, standard error what to say about it. Exit codes: 0; {@value #FOUND} when what was looked for is there;
 * {@value #UNAVAILABLE} when the database cannot be had; {@value #TOO_NEW} when this release would refuse to serve there.
 */
public final class SchemaCommands {

    /** There are collisions, or drift, or the schema is not where this binary needs it. */
    static final int FOUND = 1;

    /** EX_UNAVAILABLE of sysexits.h. */
    static final int UNAVAILABLE = 69;

    /** As a start on such a schema ends. */
    static final int TOO_NEW = 76;

    private static final List<Offered> OFFERED = List.of(
            new Offered("status", new Status(), true, Set.of("json"), Set.of(), Set.of(), List.of(), "[--json]"),
            new Offered("drift", new Drift(), true, Set.of(), Set.of(), Set.of(), List.of(), ""),
            new Offered(
                    "fingerprint",
                    new PrintFingerprint(),
                    true,
                    Set.of("lines"),
                    Set.of(),
                    Set.of(),
                    List.of(),
                    "[--lines]"),
            new Offered(
                    "backup",
                    new Refusing(new BackUpTables()),
                    true,
                    Set.of(),
                    Set.of("tables", "to"),
                    Set.of("schema"),
                    List.of(),
                    "--tables a,b[,c] --to DIR [--schema NAME]"),
            new Offered(
                    "restore",
                    new Refusing(new RestoreTables()),
                    false,
                    Set.of(),
                    Set.of("from"),
                    Set.of("into"),
                    List.of(),
                    "--from DIR [--into NEW_SCHEMA]"),
            new Offered(
                    "preflight",
                    new Refusing(new RunPreflight()),
                    true,
                    Set.of("json"),
                    Set.of(),
                    Set.of(),
                    List.of(),
                    "[--json]"),
            new Offered(
                    "adopt",
                    new Refusing(new Adopt()),
                    false,
                    Set.of(),
                    Set.of("backup"),
                    Set.of(),
                    List.of("system"),
                    "org-studio|molecule-core|agentmux --backup DIR"));

    /**
     * @param readOnly whether the database is to refuse every write of it
     * @param flags its options that take no value
     * @param needed its options that take one, and that it cannot do without
     * @param valued its other options that take one
     * @param words what else it needs, each in a word
     * @param usage what may follow its name
     */
    private record Offered(
            String name,
            Command command,
            boolean readOnly,
            Set<String> flags,
            Set<String> needed,
            Set<String> valued,
            List<String> words,
            String usage) {

        static Offered of(List<String> args) {
            String name = args.size() > 1 ? args.get(1) : "";
            return OFFERED.stream()
                    .filter(offered -> offered.name.equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            OFFERED.stream().map(Offered::usageLine).collect(Collectors.joining())));
        }

        Arguments arguments(List<String> args) {
            try {
                var all = new HashSet<>(valued);
                all.addAll(needed);
                Arguments given = Arguments.parse(args.subList(2, args.size()), flags, all);
                require(given);
                return given;
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(e.getMessage() + usageLine(), e);
            }
        }

        private void require(Arguments given) {
            List<String> said = given.words();
            if (said.size() > words.size()) {
                throw new IllegalArgumentException(said.get(words.size()) + " is a word too many");
            }
            if (said.size() < words.size()) {
                throw new IllegalArgumentException("the " + words.get(said.size()) + " is missing");
            }
            for (String option : new TreeSet<>(needed)) {
                if (!given.has(option)) {
                    throw new IllegalArgumentException("--" + option + " is missing");
                }
            }
        }

        private String usageLine() {
            return "\nusage: rollcall schema " + name + " " + usage;
        }
    }

    private SchemaCommands() {}

    /** Whether the process was asked for one of them. */
    public static boolean isAsked(String... args) {
        return args.length > 0 && args[0].equals("schema");
    }

    /** @throws IllegalArgumentException for anything else than the usage says; the message is the usage */
    public static void check(String... args) {
        Offered.of(List.of(args)).arguments(List.of(args));
    }

    /** @param database the database's URL by the role that owns the tables */
    public static int run(DatabaseUrl database, PrintStream out, String... args) {
        Offered asked = Offered.of(List.of(args));
        try (Connection connection = connect(database, asked)) {
            return asked.command.run(database, connection, asked.arguments(List.of(args)), out);
        } catch (Refused e) {
            System.err.println("rollcall: " + e.getMessage());
            return FOUND;
        } catch (SQLException | IOException e) {
            System.err.println("rollcall: " + e.getMessage());
            return UNAVAILABLE;
        }
    }

    private static Connection connect(DatabaseUrl database, Offered asked) throws SQLException {
        var properties = new Properties();
        if (database.user() != null) {
            properties.setProperty("user", database.user());
        }
        if (database.password() != null) {
            properties.setProperty("password", database.password());
        }
        properties.setProperty("ApplicationName", "rollcall schema " + asked.name);
        properties.setProperty(
                "options", "-c rollcall.tenant=*" + (asked.readOnly ? " -c default_transaction_read_only=on" : ""));
        return DriverManager.getConnection(database.jdbc(), properties);
    }
}
