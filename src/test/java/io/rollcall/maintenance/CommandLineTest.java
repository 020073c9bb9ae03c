package io.rollcall.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A command line that is not as the usage says is refused with the usage, and so ends with 64, before a database is asked. */
class CommandLineTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            preflight json                       | json is a word too many
            status --json --json                 | --json is given twice
            status foo                           | foo is a word too many
            backup --to /tmp/x                   | --tables is missing
            backup --tables a                    | --to is missing
            backup --tables a --to /tmp/x more   | more is a word too many
            restore                              | --from is missing
            restore --from                       | --from needs a value
            adopt --backup /tmp/x                | the system is missing
            adopt org-studio                     | --backup is missing
            adopt org-studio more --backup /tmp/x | more is a word too many
            drift --json                         | there is no option --json
            """)
    void isRefusedWithTheUsage(String line, String why) {
        String[] args = ("schema " + line).split(" ");

        var refused = assertThrows(IllegalArgumentException.class, () -> SchemaCommands.check(args));

        assertEquals(
                why, String.valueOf(refused.getMessage()).lines().findFirst().orElseThrow());
        assertTrue(refused.getMessage().contains("\nusage: rollcall schema " + args[1]), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status --json",
                "fingerprint --lines",
                "backup --schema s --tables a,b --to /tmp/x",
                "restore --from /tmp/x --into s",
                "adopt --backup /tmp/x agentmux"
            })
    void isTaken(String line) {
        SchemaCommands.check(("schema " + line).split(" "));
    }

    @Test
    void anotherWordIsAnsweredWithAllUsages() {
        var refused = assertThrows(IllegalArgumentException.class, () -> SchemaCommands.check("schema", "upgrade"));

        assertEquals(7, refused.getMessage().strip().lines().count());
    }
}
