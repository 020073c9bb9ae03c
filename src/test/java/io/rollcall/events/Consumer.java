package io.rollcall.events;

import io.rollcall.Await;
import io.rollcall.ServiceProcess;
import io.rollcall.events.Listener.Heard;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All that one who listens has heard, over connections each of which goes on after the last id of the one before. */
final class Consumer {

    static final Duration LIMIT = Duration.ofMinutes(4);

    private final String token;
    private final boolean bySocket;
    private final List<Heard> heard = new ArrayList<>();
    private Ear ear;
    private Runnable hangUp;
    private long last = -1;
    int connections;

    Consumer(String token, boolean bySocket) {
        this.token = token;
        this.bySocket = bySocket;
    }

    /** When the service has ended the connection before. */
    void goOn(ServiceProcess service) {
        Await.until("the stream ends with the service", LIMIT, ear::hasEnded);
        connect(service);
    }

    /** Hangs up first. */
    void connect(ServiceProcess service) {
        if (ear != null) {
            hangUp.run();
            heard.addAll(ear.events());
            last = Math.max(last, ear.lastId());
        }
        String base = "http://localhost:" + service.port();
        if (bySocket) {
            var frames = new Frames();
            WebSocket socket = frames.open(base, last < 0 ? "" : "?after=" + last, "Authorization", "Bearer " + token);
            ear = frames;
            hangUp = socket::abort;
        } else {
            Listener listener = last < 0
                    ? Listener.open(base, token, "")
                    : Listener.open(base, token, "", "Last-Event-ID", Long.toString(last));
            ear = listener;
            hangUp = listener::close;
        }
        if (connections++ == 0) {
            Await.until("it is ready", () -> ear.lastId() >= 0);
        }
    }

    void hangUp() {
        hangUp.run();
    }

    List<Heard> all() {
        var all = new ArrayList<>(heard);
        all.addAll(ear.events());
        return all;
    }

    List<String> lines() {
        return all().stream()
                .map(one -> one.id() + " " + one.event() + " "
                        + one.data().path("delegation_id").asText())
                .toList();
    }
}
