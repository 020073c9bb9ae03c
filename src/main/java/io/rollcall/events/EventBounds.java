package io.rollcall.events;

import io.rollcall.Misconfigured;

/** What the settings say together. */
final class EventBounds {

    private EventBounds() {}

    /** How many streams one organisation may have. */
    static int ofOneOrganisation(EventSettings settings) {
        return settings.streamsPerOrganisation().orElse(Math.max(1, settings.streams() / 4));
    }

    /** @throws Misconfigured for what no service could run with */
    static void check(EventSettings settings) {
        require("batch", settings.batch());
        require("streams", settings.streams());
        require("streams-per-organisation", ofOneOrganisation(settings));
        require("every", settings.every().toMillis());
        require("idle-every", settings.idleEvery().toMillis());
        require("retention", settings.retention().toMillis());
        require("keep-alive", settings.keepAlive().toMillis());
        require("stalled-after", settings.stalledAfter().toMillis());
    }

    private static void require(String name, long value) {
        if (value < 1) {
            throw new Misconfigured("rollcall.events." + name + " must be at least 1 (a duration 1 ms), is " + value);
        }
    }
}
