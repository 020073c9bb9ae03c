package bench;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged jar as a process of its own, and the requests that are timed. */
final class Service implements Closeable {

    static final String TOKEN = "bench-token-0123456789abcdef0123456789abcdef";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(120);

    /** A reply, and how long the whole exchange took: from sending the request to having the last byte. */
    record Timed(int status, byte[] body, double millis) {}

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Process process;
    private final String base;
    final int port;
    final String name;

    /** @param databasePort by which it serves from the database */
    Service(
            Path jar,
            Database database,
            int databasePort,
            List<String> jvmOptions,
            Map<String, String> environment,
            Path log)
            throws Exception {
        name = log.getFileName().toString().replace(".log", "");
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", jar.toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        builder.environment().putAll(environment);
        builder.environment()
                .putAll(Map.of(
                        "ROLLCALL_DATABASE_URL", database.url(databasePort),
                        "ROLLCALL_DATABASE_OWNER_URL", database.ownerUrl(),
                        "ROLLCALL_ADMIN_TOKEN", TOKEN,
                        "QUARKUS_HTTP_HOST", "127.0.0.1",
                        "QUARKUS_HTTP_PORT", Integer.toString(port)));
        long begin = System.nanoTime();
        process = builder.start();
        base = "http://127.0.0.1:" + port;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        while (!ready()) {
            if (!process.isAlive() || System.nanoTime() - begin > START_LIMIT.toNanos()) {
                close();
                throw new IllegalStateException("the service did not start, see " + log);
            }
            Thread.sleep(20);
        }
    }

    long pid() {
        return process.pid();
    }

    Timed importJson(byte[] body) throws Exception {
        return post(body, "application/json");
    }

    Timed importYaml(byte[] body) throws Exception {
        return post(body, "application/yaml");
    }

    /** @param token null: the admin's */
    Timed send(String method, String path, String token, byte[] json) throws Exception {
        HttpRequest.Builder request = to(path).header("Content-Type", "application/json")
                .method(
                        method,
                        json == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(json));
        if (token != null) {
            request.setHeader("Authorization", "Bearer " + token);
        }
        long begin = System.nanoTime();
        HttpResponse<byte[]> reply = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Timed(reply.statusCode(), reply.body(), (System.nanoTime() - begin) / 1e6);
    }

    private Timed post(byte[] body, String type) throws Exception {
        HttpRequest request = to("/org/import")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        long begin = System.nanoTime();
        HttpResponse<byte[]> reply = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new Timed(reply.statusCode(), reply.body(), (System.nanoTime() - begin) / 1e6);
    }

    /** @return milliseconds to the first byte of the body, to the last one, and how many there were */
    double[] list() throws Exception {
        long begin = System.nanoTime();
        HttpResponse<InputStream> reply =
                http.send(to("/workspaces").GET().build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = reply.body()) {
            var buffer = new byte[64 * 1024];
            long bytes = Math.max(0, in.read(buffer));
            double first = (System.nanoTime() - begin) / 1e6;
            for (int some = in.read(buffer); some >= 0; some = in.read(buffer)) {
                bytes += some;
            }
            if (reply.statusCode() != 200) {
                throw new IllegalStateException("GET /workspaces: " + reply.statusCode());
            }
            return new double[] {first, (System.nanoTime() - begin) / 1e6, bytes};
        }
    }

    /** A command of the JDK's diagnostic tool on the service's process. */
    String jcmd(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add(Long.toString(process.pid()));
        command.addAll(List.of(arguments));
        Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader out = jcmd.inputReader()) {
            String text = String.join("\n", out.lines().toList());
            jcmd.waitFor(30, TimeUnit.SECONDS);
            return text;
        }
    }

    /** A line of {@code /proc/<pid>/status} in MiB: VmRSS, or VmHWM, its highest so far. */
    double memory(String line) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(l -> l.startsWith(line + ":"))
                .mapToDouble(l -> Double.parseDouble(l.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(Double.NaN);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private boolean ready() {
        try {
            return http.send(to("/q/health/ready").GET().build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(REQUEST_LIMIT)
                .header("Authorization", "Bearer " + TOKEN);
    }
}
