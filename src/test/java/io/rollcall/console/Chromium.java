package io.rollcall.console;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Chromium: the one that {@code ROLLCALL_CHROMIUM} names, or is on the path, or else Debian's, installed here when
 * this is root on Debian. Where none can be had, the tests are skipped and say so.
 */
final class Chromium implements AutoCloseable {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Path executable) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setHeadless(true)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    static Chromium start() {
        Optional<Path> executable = found().or(Chromium::installed);
        if (executable.isEmpty()) {
            System.err.println("""

                    ################################################################################
                    #  NO CHROMIUM: the console's tests in a browser are SKIPPED.                  #
                    #  apt-get install chromium, or name one in ROLLCALL_CHROMIUM.                 #
                    ################################################################################
                    """);
        }
        Assumptions.assumeTrue(executable.isPresent(), "no Chromium on this machine, and none can be installed");
        return new Chromium(executable.get());
    }

    Browser browser() {
        return browser;
    }

    private static Optional<Path> found() {
        String named = System.getenv("ROLLCALL_CHROMIUM");
        Stream<Path> places = named != null
                ? Stream.of(Path.of(named))
                : Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)));
        return places.filter(Files::isExecutable).findFirst();
    }

    private static Optional<Path> installed() {
        Path apt = Path.of("/usr/bin/apt-get");
        if (!Files.isExecutable(apt) || !"root".equals(System.getProperty("user.name"))) {
            return Optional.empty();
        }
        System.err.println("Installing Debian's Chromium for the console's tests ...");
        return run(apt.toString(), "-qq", "update")
                        && run(
                                apt.toString(),
                                "-qq",
                                "-y",
                                "install",
                                "--no-install-recommends",
                                "chromium",
                                "fonts-dejavu")
                ? found()
                : Optional.empty();
    }

    private static boolean run(String... command) {
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            Process process = builder.start();
            return process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        playwright.close();
    }
}
