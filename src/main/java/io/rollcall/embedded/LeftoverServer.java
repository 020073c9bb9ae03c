package io.rollcall.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * The server that a killed JVM left running. Its parent is gone and our lock says that nobody else uses the directory,
 * so it is stopped: fast (SIGINT) first, and if it will not, by force, from which PostgreSQL recovers by its log.
 */
final class LeftoverServer {

    private static final Logger LOG = Logger.getLogger(LeftoverServer.class);
    private static final int FAST_STOP_SECONDS = 20;

    private LeftoverServer() {}

    static void stop(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        long pid = lines.isEmpty() ? -1 : parse(lines.get(0));
        ProcessHandle server =
                ProcessHandle.of(pid).filter(LeftoverServer::isPostgres).orElse(null);
        if (server == null) {
            return;
        }
        LOG.warnf("Stopping the PostgreSQL that a killed process left behind (pid %d)", pid);
        new ProcessBuilder("kill", "-INT", Long.toString(pid)).start();
        if (!ended(server, FAST_STOP_SECONDS)) {
            server.destroyForcibly();
            ended(server, FAST_STOP_SECONDS);
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info().command().map(c -> c.endsWith("postgres")).orElse(false);
    }

    private static boolean ended(ProcessHandle server, int seconds) {
        try {
            server.onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static long parse(String line) {
        try {
            return Long.parseLong(line.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
