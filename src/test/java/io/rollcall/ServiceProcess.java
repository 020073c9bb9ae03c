package io.rollcall;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The packaged service as an operator runs it: a process of its own, on a directory of its own under {@code target/},
 * that can be asked to stop, killed and started again.
 */
public final class ServiceProcess implements AutoCloseable {

    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final Path AREA = Path.of("target", "service-processes");
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:]+:(\\d+)");
    private static final Pattern DATABASE = Pattern.compile("Embedded PostgreSQL \\d+ on port (\\d+)");

    private final Process process;
    private final Path directory;
    private final Path output;

    private ServiceProcess(Process process, Path directory, Path output) {
        this.process = process;
        this.directory = directory;
        this.output = output;
    }

    /**
     * A directory for the data, kept after the test for whoever looks into a failure. Empty but for the server's binaries, which
     * all share, since to unpack them takes longer than the rest of a start.
     */
    public static Path freshDirectory(String name) {
        Path directory = AREA.resolve(name).toAbsolutePath();
        try {
            if (Files.exists(directory)) {
                try (Stream<Path> paths = Files.walk(directory)) {
                    for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            Path data = Files.createDirectories(directory.resolve("data-dir"));
            Files.createSymbolicLink(
                    data.resolve("server"),
                    Files.createDirectories(AREA.resolve("server").toAbsolutePath()));
            return data;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it on the directory with the suites' token, and waits until it listens. */
    public static ServiceProcess start(Path directory) {
        return start(directory, Map.of("ROLLCALL_ADMIN_TOKEN", TestDatabase.TOKEN))
                .awaitListening();
    }

    /** Starts it with these variables and no other of ours, and does not wait. */
    public static ServiceProcess start(Path directory, Map<String, String> environment, String... jvmOptions) {
        return start(JAR, directory, environment, jvmOptions);
    }

    /** The same of another release's jar. */
    public static ServiceProcess start(
            Path jar, Path directory, Map<String, String> environment, String... jvmOptions) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dquarkus.http.port=0"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
        var variables = new HashMap<>(environment);
        variables.put("ROLLCALL_DATA_DIR", directory.toString());
        try {
            Files.createDirectories(directory.getParent());
            Path output = Files.createTempFile(directory.getParent(), "service-", ".log");
            var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().keySet().removeIf(name -> name.matches("(ROLLCALL|QUARKUS)_.*"));
            builder.environment().putAll(variables);
            return new ServiceProcess(builder.start(), directory, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ServiceProcess awaitListening() {
        Await.until("the service listens; " + output + " says why not", START_LIMIT, () -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + output());
            }
            return LISTENING.matcher(output()).find();
        });
        return this;
    }

    public Http http() {
        return http(TestDatabase.TOKEN);
    }

    public Http http(String token) {
        return new Http("http://localhost:" + port(), token);
    }

    public int port() {
        return found(LISTENING);
    }

    public int databasePort() {
        return found(DATABASE);
    }

    /** Into the embedded server, as its superuser. */
    public Superuser superuser() {
        try {
            return new Superuser(DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + databasePort() + "/rollcall",
                    "postgres",
                    passwords().get(0)));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The superuser's, that of the role that serves, and that of the owner. */
    public List<String> passwords() {
        try {
            return Files.readAllLines(directory.resolve("passwords"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** SIGTERM, as every supervisor sends it. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL: no handler runs, the embedded server is left behind. */
    public void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /** SIGSTOP: it stands still, as on a machine that is suspended, and its connections stay open. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            assertSent(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertSent(int code) {
        if (code != 0) {
            throw new AssertionError("kill ended with " + code);
        }
    }

    public int exitCode() {
        try {
            if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The embedded server's process, by the file that PostgreSQL keeps while it runs. */
    public boolean databaseRuns() {
        return postmaster(directory).isPresent();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        exitCode();
        postmaster(directory).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static java.util.Optional<ProcessHandle> postmaster(Path directory) {
        try {
            Path file = directory.resolve("data").resolve("postmaster.pid");
            long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
            return ProcessHandle.of(pid).filter(handle -> handle.info()
                    .command()
                    .map(command -> command.endsWith("postgres"))
                    .orElse(false));
        } catch (IOException | IndexOutOfBoundsException notRunning) {
            return java.util.Optional.empty();
        }
    }

    private int found(Pattern pattern) {
        Matcher matcher = pattern.matcher(output());
        if (!matcher.find()) {
            throw new AssertionError("no \"" + pattern + "\" in: " + output());
        }
        return Integer.parseInt(matcher.group(1));
    }
}
