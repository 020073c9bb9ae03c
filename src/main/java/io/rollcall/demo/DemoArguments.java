package io.rollcall.demo;

import java.util.List;

/** {@code demo [--seconds N]}. */
public record DemoArguments(int seconds) {

    static final int FOR_EVER = -1;

    /** Whether the process was asked for the demo. */
    public static boolean isDemo(String... args) {
        return args.length > 0 && args[0].equals("demo");
    }

    /** @throws IllegalArgumentException for anything else than the usage says */
    public static DemoArguments parse(String... args) {
        List<String> words = List.of(args);
        if (words.size() == 1) {
            return new DemoArguments(FOR_EVER);
        }
        if (words.size() == 3
                && words.get(1).equals("--seconds")
                && words.get(2).matches("[0-9]{1,6}")) {
            return new DemoArguments(Integer.parseInt(words.get(2)));
        }
        throw new IllegalArgumentException("usage: rollcall [demo [--seconds N]]");
    }
}
