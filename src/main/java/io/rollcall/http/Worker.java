package io.rollcall.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;

/** Work that would hold an event loop too long. */
public final class Worker {

    private Worker() {}

    /** Runs the task on a worker thread; the result arrives on the event loop that asked. */
    public static <T> Uni<T> run(Callable<T> task) {
        return Uni.createFrom().emitter(emitter -> Vertx.currentContext()
                .executeBlocking(task, false)
                .onComplete(emitter::complete, emitter::fail));
    }
}
