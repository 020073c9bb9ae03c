package io.rollcall.embedded;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Tells a cluster that {@code initdb} finished from one whose creation was cut off, which holds nobody's data yet. */
final class FreshCluster {

    private static final String COMPLETE = "rollcall.complete";

    private FreshCluster() {}

    static void markComplete(File data) {
        try {
            Files.writeString(data.toPath().resolve(COMPLETE), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void removeIfCutOff(Path data) throws IOException {
        if (!Files.exists(data) || Files.exists(data.resolve(COMPLETE))) {
            return;
        }
        if (Files.exists(data.resolve("postmaster.opts"))) {
            throw new IllegalStateException(data + " holds a PostgreSQL cluster that Rollcall did not create");
        }
        Logger.getLogger(FreshCluster.class).warnf("The creation of %s was cut off; creating it again", data);
        List<Path> inside;
        try (Stream<Path> files = Files.walk(data)) {
            inside = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : inside) {
            Files.delete(path);
        }
    }

    static String majorVersion(Path data) throws IOException {
        return Files.readString(data.resolve("PG_VERSION")).strip();
    }
}
