package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The collector's own log: each pause says how full the heap was before and after. Between pauses use only rises, so the
 * peak stands at a pause or at the end; nothing is sampled and nothing can be missed.
 */
final class HeapLog {

    private static final Pattern PAUSE = Pattern.compile("Pause .*?(\\d+)M->(\\d+)M\\((\\d+)M\\)");

    /** MiB used before and after one pause. */
    record Pause(int before, int after) {}

    private final Path file;
    private int seen;

    HeapLog(Path file) {
        this.file = file;
    }

    /** The pauses since the last call. */
    List<Pause> next() throws IOException {
        List<String> lines = Files.readAllLines(file);
        var pauses = new ArrayList<Pause>();
        for (String line : lines.subList(seen, lines.size())) {
            Matcher found = PAUSE.matcher(line);
            if (found.find()) {
                pauses.add(new Pause(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2))));
            }
        }
        seen = lines.size();
        return pauses;
    }
}
