package io.rollcall.events;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.vertx.http.runtime.filters.QuarkusRequestWrapper;
import io.vertx.core.http.HttpServerRequest;
import java.lang.reflect.Method;
import java.util.Objects;

/**
 * A request that has become a socket. Quarkus counts it as in flight for ever, since its reply never ends, and would have each
 * stop of the service wait out {@code quarkus.shutdown.timeout}, also for sockets that are closed. It has no public way to say that a
 * request is done.
 */
@RegisterForReflection(targets = QuarkusRequestWrapper.class)
final class UpgradedRequest {

    private static final Method DONE = method();

    private UpgradedRequest() {}

    /** At start: a Quarkus that has no such method is not to be noticed by the first who opens a socket. */
    static void prepare() {
        Objects.requireNonNull(DONE);
    }

    static void isDone(HttpServerRequest request) {
        QuarkusRequestWrapper counted = QuarkusRequestWrapper.get(request);
        try {
            if (counted != null) {
                DONE.invoke(counted);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Method method() {
        try {
            Method done = QuarkusRequestWrapper.class.getDeclaredMethod("done");
            done.setAccessible(true);
            return done;
        } catch (NoSuchMethodException otherQuarkus) {
            throw new IllegalStateException(otherQuarkus);
        }
    }
}
