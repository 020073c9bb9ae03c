package io.rollcall.events;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.OptionalInt;

/** How live events are numbered, kept and told. */
@ConfigMapping(prefix = "rollcall.events")
interface EventSettings {

    /** How often a replica looks for events to number and to tell, while there are any or somebody listens. */
    @WithDefault("100ms")
    Duration every();

    /** How often it looks when there is nothing and nobody. */
    @WithDefault("1s")
    Duration idleEvery();

    /** How many events one transaction numbers. */
    @WithDefault("2000")
    int batch();

    /** How long they are kept. Who was away for longer is told to read all again. */
    @WithDefault("7d")
    Duration retention();

    /** How many streams and sockets a replica has; one more is answered 503. */
    @WithDefault("1000")
    int streams();

    /** How many of them may be one organisation's; one more is answered 429. Absent: a quarter. */
    OptionalInt streamsPerOrganisation();

    /** After how long without an event a sign of life is sent. */
    @WithDefault("15s")
    Duration keepAlive();

    /** How long a listener may leave what was sent to it unread; then its connection is closed. */
    @WithDefault("60s")
    Duration stalledAfter();
}
