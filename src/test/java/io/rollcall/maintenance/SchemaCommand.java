package io.rollcall.maintenance;

import io.rollcall.DatabaseUrl;
import io.rollcall.schema.ScratchDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code rollcall schema …} as it ended: in this process, or in one of its own that can be killed. */
public record SchemaCommand(int exitCode, String out, String said) {

    public static SchemaCommand run(ScratchDatabase database, String... args) {
        return run(database.ownerUrl(), args);
    }

    public static SchemaCommand run(String ownerUrl, String... args) {
        var out = new ByteArrayOutputStream();
        var said = new ByteArrayOutputStream();
        PrintStream error = System.err;
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            String[] all = command(args);
            SchemaCommands.check(all);
            int exitCode = SchemaCommands.run(
                    DatabaseUrl.owner(ownerUrl), new PrintStream(out, true, StandardCharsets.UTF_8), all);
            return new SchemaCommand(
                    exitCode, out.toString(StandardCharsets.UTF_8), said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(error);
        }
    }

    /** @param limits of the shell, as {@code ulimit -f 64;}, or empty */
    public static Process start(ScratchDatabase database, String limits, String... args) {
        String quoted = String.join(" ", command(args)).replaceAll("[^ ]+", "'$0'");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try {
            var builder = new ProcessBuilder(
                    "bash",
                    "-c",
                    limits + " exec '" + java + "' -Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp \"$CLASSES\" "
                            + SchemaCommand.class.getName() + " " + quoted);
            builder.environment().put("CLASSES", System.getProperty("java.class.path"));
            builder.environment().put("OWNER_URL", database.ownerUrl());
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static SchemaCommand ended(Process process) {
        try (var out = process.getInputStream();
                var said = process.getErrorStream()) {
            String printed = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            String complained = new String(said.readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("still running: " + printed + complained);
            }
            return new SchemaCommand(process.exitValue(), printed, complained);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public static void main(String... args) {
        System.exit(SchemaCommands.run(DatabaseUrl.owner(System.getenv("OWNER_URL")), System.out, args));
    }

    private static String[] command(String... args) {
        var all = new ArrayList<>(List.of("schema"));
        all.addAll(List.of(args));
        return all.toArray(String[]::new);
    }
}
