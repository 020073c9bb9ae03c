package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Seconds of processor time that the three have taken, by {@code /proc}. */
record Cpu(double service, double database, double client, double wall) {

    private static final double TICKS = 100;

    static Cpu now(long service, long postmaster) throws IOException {
        return new Cpu(
                service == 0 ? 0 : of(service),
                family(postmaster),
                of(ProcessHandle.current().pid()),
                System.nanoTime() / 1e9);
    }

    Cpu since(Cpu before) {
        return new Cpu(
                service - before.service, database - before.database, client - before.client, wall - before.wall);
    }

    private static double of(long pid) throws IOException {
        String[] fields = fields(Path.of("/proc", Long.toString(pid)));
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    /** The server, its processes, and those of them that have ended. */
    private static double family(long postmaster) throws IOException {
        double ticks = 0;
        List<Path> all;
        try (Stream<Path> proc = Files.list(Path.of("/proc"))) {
            all = proc.filter(one -> Character.isDigit(one.getFileName().toString().charAt(0)))
                    .toList();
        }
        for (Path one : all) {
            try {
                String[] fields = fields(one);
                if (one.endsWith(Long.toString(postmaster))) {
                    ticks += Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
                } else if (fields[1].equals(Long.toString(postmaster))) {
                    ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                }
            } catch (IOException gone) {
                // Ended between being listed and being read.
            }
        }
        return ticks / TICKS;
    }

    /** From the state on: the name before it may contain anything. */
    private static String[] fields(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }
}
