package io.rollcall.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * Bodies in and out. Large ones are read and written on a worker thread, since a template of 10 MiB would hold an event
 * loop for longer than everybody else on it wants to wait.
 */
@ApplicationScoped
public class Json {

    private static final int SMALL = 64 * 1024;

    private final ObjectMapper mapper;

    Json(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Runs the reading of a body, on a worker when it is large; the result arrives on the caller's event loop. */
    public <T> Uni<T> read(byte[] body, Callable<T> reading) {
        return body.length <= SMALL ? Uni.createFrom().item(sure(reading)) : Worker.run(reading);
    }

    /** A small reply. */
    public Reply reply(int status, Object body) {
        try {
            return new Reply(status, Map.of("Content-Type", "application/json"), mapper.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A reply of any size, written on a worker. */
    public Uni<Reply> largeReply(int status, Object body) {
        return Worker.run(() -> reply(status, body));
    }

    private static <T> Supplier<T> sure(Callable<T> reading) {
        return () -> {
            try {
                return reading.call();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
    }
}
