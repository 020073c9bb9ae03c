package bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** What a recording says of where the time goes, in a few tables. */
final class Recording {

    /** Waiting for work is no work. */
    private static final List<String> IDLE =
            List.of("sun.nio.ch.EPoll.wait", "sun.nio.ch.KQueue.poll", "io.netty.channel.epoll.Native.epollWait");

    private static final int ROWS = 45;

    private record Sample(List<String> frames, double weight) {}

    private final List<Sample> running = new ArrayList<>();
    private final List<Sample> allocated = new ArrayList<>();

    Recording(Path file) throws Exception {
        var seen = new HashSet<Long>();
        try (var events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                RecordedEvent event = events.readEvent();
                if (event.getStackTrace() == null) {
                    continue;
                }
                switch (event.getEventType().getName()) {
                    case "jdk.ExecutionSample", "jdk.NativeMethodSample" -> {
                        List<String> frames = frames(event);
                        if (!frames.isEmpty() && !IDLE.contains(frames.get(0))) {
                            running.add(new Sample(frames, 1));
                        }
                    }
                    case "jdk.ObjectAllocationSample" -> {
                        // A thread's first one has the weight of all that it allocated before.
                        if (!seen.add(event.getThread().getJavaThreadId())) {
                            allocated.add(new Sample(frames(event), event.getLong("weight")));
                        }
                    }
                    default -> {}
                }
            }
        }
    }

    private static List<String> frames(RecordedEvent event) {
        return event.getStackTrace().getFrames().stream()
                .filter(RecordedFrame::isJavaFrame)
                .map(frame -> frame.getMethod().getType().getName() + "." + frame.getMethod().getName())
                .map(name -> name.replaceAll("\\$\\$Lambda[^.]*", "λ").replaceAll("(_ClientProxy|_Subclass|_Bean)", ""))
                .toList();
    }

    /** @param of by which the allocation is divided */
    void print(double of) {
        System.out.println("samples: " + running.size());
        table("whose code was at work (the nearest library or package above the JDK)", running, s -> List.of(owner(s.frames)));
        table("topmost frames", running, s -> List.of(s.frames.get(0)));
        table("with all that they call: ours", running, s -> all(s, "io.rollcall."));
        table("with all that they call: Quarkus, RESTEasy, Jackson, Netty, Vert.x's edges", running, s -> all(
                s, "io.quarkus.", "org.jboss.resteasy.", "com.fasterxml.jackson.databind.Object", "io.vertx.ext.web", "io.vertx.pgclient.impl", "io.vertx.sqlclient.impl",
                "io.netty.channel.nio.AbstractNioByteChannel", "io.netty.channel.socket.nio.NioSocketChannel.", "sun.nio.ch.SocketDispatcher", "java.security.",
                "io.netty.handler.codec.http.", "io.smallrye.context", "io.smallrye.mutiny.vertx", "java.util.UUID", "io.micrometer", "io.github.bucket4j",
                "org.slf4j", "org.jboss.logmanager", "java.util.regex.Pattern."));
        double bytes = allocated.stream().mapToDouble(Sample::weight).sum();
        System.out.printf(Locale.ROOT, "%nallocated: %,.0f bytes each%n", bytes / of);
        table("who allocates", allocated, s -> List.of(owner(s.frames)));
        table("where: the nearest frames", allocated, s -> List.of(String.join(
                " < ", s.frames.subList(0, Math.min(5, s.frames.size())))));
        table("with all that they call: ours, by what is allocated", allocated, s -> all(s, "io.rollcall."));
    }

    private static List<String> all(Sample sample, String... prefixes) {
        var found = new HashSet<String>();
        for (String frame : sample.frames) {
            for (String prefix : prefixes) {
                if (frame.startsWith(prefix)) {
                    found.add(frame);
                }
            }
        }
        return List.copyOf(found);
    }

    private static String owner(List<String> frames) {
        for (String frame : frames) {
            if (!frame.startsWith("java.") && !frame.startsWith("jdk.") && !frame.startsWith("sun.")) {
                String[] parts = frame.split("\\.");
                int take = frame.startsWith("io.rollcall.") ? 4 : Math.min(4, parts.length - 2);
                return String.join(".", java.util.Arrays.copyOf(parts, Math.max(1, take)));
            }
        }
        return "the JDK alone";
    }

    private static void table(String title, List<Sample> samples, Function<Sample, List<String>> keys) {
        Map<String, Double> sums = new HashMap<>();
        double all = 0;
        for (Sample sample : samples) {
            all += sample.weight;
            if (!sample.frames.isEmpty()) {
                keys.apply(sample).forEach(key -> sums.merge(key, sample.weight, Double::sum));
            }
        }
        double total = all;
        System.out.println("\n-- " + title);
        System.out.println(sums.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(ROWS)
                .map(entry -> String.format(Locale.ROOT, "%6.2f %%  %s", entry.getValue() * 100 / total, entry.getKey()))
                .collect(Collectors.joining("\n")));
    }
}
