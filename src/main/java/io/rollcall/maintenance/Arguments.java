package io.rollcall.maintenance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What follows a command's name.
 *
 * @param words what is no option, in order
 * @param options {@code --name value}, and {@code --name} alone with an empty value
 */
record Arguments(List<String> words, Map<String, String> options) {

    /**
     * @param flags the options that take no value
     * @param valued the options that take one
     * @throws IllegalArgumentException for any other option, for one without its value, for one said twice
     */
    static Arguments parse(List<String> args, Set<String> flags, Set<String> valued) {
        var words = new ArrayList<String>();
        var options = new LinkedHashMap<String, String>();
        for (var rest = args.iterator(); rest.hasNext(); ) {
            String word = rest.next();
            if (!word.startsWith("--")) {
                words.add(word);
                continue;
            }
            String name = word.substring(2);
            if (!flags.contains(name) && !(valued.contains(name) && rest.hasNext())) {
                throw new IllegalArgumentException(
                        valued.contains(name) ? word + " needs a value" : "there is no option " + word);
            }
            if (options.put(name, flags.contains(name) ? "" : rest.next()) != null) {
                throw new IllegalArgumentException(word + " is given twice");
            }
        }
        return new Arguments(List.copyOf(words), Map.copyOf(options));
    }

    boolean has(String option) {
        return options.containsKey(option);
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(options.get(option));
    }

    /** Of an option that the command line was checked for. */
    String needed(String option) {
        return value(option).orElseThrow(() -> new IllegalArgumentException("--" + option + " is needed"));
    }
}
