package io.rollcall.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long each part of a request may take. */
@ConfigMapping(prefix = "rollcall.http")
public interface TimeLimits {

    /**
     * Until a request's head is complete, from connecting or, on a connection that was kept, from the head's first byte. Then
     * the connection is closed.
     */
    @WithDefault("10s")
    Duration headerTimeout();

    /** Until a request's body is complete, from its head. Then it is answered 408 and the connection closed. */
    @WithDefault("60s")
    Duration bodyTimeout();

    /** The work in the database, over all its retries, up to its COMMIT. Then it is given up and answered 503. */
    @WithDefault("60s")
    Duration deadline();
}
