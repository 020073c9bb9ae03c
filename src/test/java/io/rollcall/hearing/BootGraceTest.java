package io.rollcall.hearing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

/** Since when somebody could be heard. */
class BootGraceTest {

    private static final OffsetDateTime START = OffsetDateTime.parse("2026-01-01T12:00:00Z");
    private static final OffsetDateTime LONG_AGO = START.minusDays(30);

    private final BootGrace grace = new BootGrace(Duration.ofMinutes(10), Duration.ofMinutes(2));

    @Test
    void itLastsFromTheFirstContact() {
        assertFalse(grace.isOver(START.plusDays(1)), "the database was never met");

        meet(0, 1, 2);

        assertEquals(START.plusMinutes(10), grace.until());
        assertFalse(grace.isOver(START.plusMinutes(10).minusNanos(1)));
        assertTrue(grace.isOver(START.plusMinutes(10)));
    }

    @Test
    void itLastsFromTheStartOfTheDatabaseWhenThatIsLater() {
        meet(0, 2, 4);

        grace.met(new Moment(START.plusMinutes(6), START.plusMinutes(5)));

        assertEquals(START.plusMinutes(15), grace.until());
    }

    @Test
    void itBeginsAgainWhenTheDatabaseWasLost() {
        meet(0, 1);

        grace.lost();
        assertFalse(grace.isOver(START.plusDays(1)));
        meet(2, 3);

        assertEquals(START.plusMinutes(12), grace.until());
    }

    @Test
    void itBeginsAgainAfterAGapAndNotAfterASweepThatTookLong() {
        meet(0, 2, 4);
        assertEquals(START.plusMinutes(10), grace.until());

        meet(7);

        assertEquals(START.plusMinutes(17), grace.until());
    }

    private void meet(int... minutes) {
        for (int minute : minutes) {
            grace.met(new Moment(START.plusMinutes(minute), LONG_AGO));
        }
    }
}
