package io.rollcall.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rollcall.Await;
import io.rollcall.Http;
import io.rollcall.LocalDatabase;
import io.rollcall.ServiceProcess;
import io.rollcall.TestDatabase;
import io.rollcall.embedded.EmbeddedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two replicas whose clocks are hours off, one ahead and one behind: only the database's counts. */
@Tag("full")
class ShiftedClocksIT {

    private static final Pattern SWEEPS = Pattern.compile("(?m)^rollcall_liveness_sweep_seconds_count ([0-9.]+)$");

    /** Between a process and its libc: the wall clock is so many seconds off, the monotonic one is not. */
    private static final String SHIFT = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <stdlib.h>
            #include <sys/time.h>
            #include <time.h>
            static long shift(void) { char *by = getenv("CLOCK_SHIFT"); return by ? atol(by) : 0; }
            int clock_gettime(clockid_t clock, struct timespec *at) {
                static int (*real)(clockid_t, struct timespec *);
                if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
                int result = real(clock, at);
                if (clock == CLOCK_REALTIME) at->tv_sec += shift();
                return result;
            }
            int gettimeofday(struct timeval *at, void *zone) {
                struct timespec now;
                clock_gettime(CLOCK_REALTIME, &now);
                at->tv_sec = now.tv_sec;
                at->tv_usec = now.tv_nsec / 1000;
                return 0;
            }
            time_t time(time_t *at) {
                struct timespec now;
                clock_gettime(CLOCK_REALTIME, &now);
                if (at) *at = now.tv_sec;
                return now.tv_sec;
            }
            """;

    @Test
    void replicasWhoseClocksAreHoursOffCallNobodySilentWhoBeatsAndFindWhoDoesNot() throws Exception {
        Path library = library();
        var database = new EmbeddedServer();
        LocalDatabase.Urls urls =
                database.start(ServiceProcess.freshDirectory("shifted").resolveSibling("shifted-database"));
        try (ServiceProcess ahead = replica("ahead", urls, library, 3 * 3600);
                ServiceProcess behind = replica("behind", urls, library, -5 * 3600)) {
            List.of(ahead, behind).forEach(ServiceProcess::awaitListening);
            List<Http> replicas = List.of(ahead.http(), behind.http());
            String workspace = post(replicas.get(0), "/workspaces", "{\"name\":\"Acme\"}")
                    .json()
                    .path("id")
                    .asText();
            var stopped = new AtomicBoolean();
            beat(replicas.get(0), workspace, "gone");
            var beating = CompletableFuture.runAsync(() -> {
                for (int i = 0; !stopped.get(); i++) {
                    beat(replicas.get(i % 2), workspace, "kept");
                }
            });
            Await.until(
                    "both have swept often, after their grace",
                    () -> sweeps(replicas.get(0)) >= 10 && sweeps(replicas.get(1)) >= 10);
            Await.until(
                    "who no longer beats is found",
                    () -> incidents(replicas.get(1)).size() == 1);

            assertEquals(
                    "gone", incidents(replicas.get(0)).get(0).path("agent_id").asText());
            stopped.set(true);
            beating.join();
        } finally {
            database.stop();
        }
    }

    private static com.fasterxml.jackson.databind.JsonNode incidents(Http http) {
        return http.send("GET", "/incidents", "application/json", "").json().path("items");
    }

    private static double sweeps(Http http) {
        Matcher found =
                SWEEPS.matcher(http.send("GET", "/q/metrics", "text/plain", "").body());
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    private static void beat(Http http, String workspace, String agent) {
        post(http, "/registry/heartbeat", "{\"workspace_id\":\"" + workspace + "\",\"agent_id\":\"" + agent + "\"}");
    }

    private static Http.Answer post(Http http, String path, String body) {
        return http.send("POST", path, "application/json", body);
    }

    private static ServiceProcess replica(String name, LocalDatabase.Urls urls, Path library, int seconds) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "ROLLCALL_ADMIN_TOKEN",
                TestDatabase.TOKEN,
                "ROLLCALL_DATABASE_URL",
                urls.serving(),
                "ROLLCALL_DATABASE_OWNER_URL",
                urls.owner(),
                "ROLLCALL_HEARTBEATS_INTERVAL",
                "1s",
                "ROLLCALL_HEARTBEATS_OFFLINE_AFTER",
                "4s",
                "ROLLCALL_HEARTBEATS_SWEEP_EVERY",
                "1s"));
        environment.put("LD_PRELOAD", library.toString());
        environment.put("CLOCK_SHIFT", Integer.toString(seconds));
        return ServiceProcess.start(ServiceProcess.freshDirectory(name), environment);
    }

    private static Path library() throws IOException, InterruptedException {
        Path source = Files.createDirectories(Path.of("target", "clock")).resolve("clock.c");
        Path library = source.resolveSibling("clock.so").toAbsolutePath();
        Files.writeString(source, SHIFT);
        Process compiler;
        try {
            compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(), source.toString(), "-ldl")
                    .inheritIO()
                    .start();
        } catch (IOException noCompiler) {
            System.out.println("NOT RUN: the clocks of replicas cannot be shifted without a C compiler (cc)");
            Assumptions.abort("no C compiler");
            throw noCompiler;
        }
        assertEquals(true, compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0);
        return library;
    }
}
