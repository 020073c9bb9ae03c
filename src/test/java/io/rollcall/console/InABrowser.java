package io.rollcall.console;

import io.rollcall.ServiceProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** A browser, a service with two organisations, and a window that has to be without faults at the end of each test. */
abstract class InABrowser {

    static Chromium chromium;
    static Path directory;
    static ServiceProcess service;
    static Acme acme;

    Window window;

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
        directory = ServiceProcess.freshDirectory("console");
        service = ServiceProcess.start(directory);
        acme = Acme.imported(service.http());
    }

    @AfterEach
    void noFaults() {
        if (window != null) {
            window.assertNoFaults();
            window.close();
        }
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }
}
