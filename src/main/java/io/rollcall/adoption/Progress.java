package io.rollcall.adoption;

import java.io.PrintStream;
import java.util.function.Consumer;

/**
 * What a step works with.
 *
 * @param passed told the name of each part when it is done and durable; a test may end everything there
 */
record Progress(Database database, Journal journal, PrintStream out, Consumer<String> passed) {

    void say(String line) {
        out.println(line);
        out.flush();
    }
}
