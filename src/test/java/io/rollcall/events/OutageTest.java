package io.rollcall.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutageTest {

    private final AtomicLong clock = new AtomicLong(17);
    private final Outage outage = new Outage(clock::get);

    @Test
    void itIsSaidOnceAndOnlyWhenItLasts() {
        assertFalse(outage.failed());
        pass(10);
        assertFalse(outage.failed());
        pass(1);
        assertEquals(11, outage.seconds());
        assertTrue(outage.failed());
        pass(100);
        assertFalse(outage.failed());

        assertTrue(outage.isOver());
        assertEquals(0, outage.seconds());
        assertFalse(outage.failed());
        assertFalse(outage.isOver(), "nobody had been told of it");
        assertFalse(outage.failed());
        pass(11);
        assertTrue(outage.failed());
    }

    private void pass(int seconds) {
        clock.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
