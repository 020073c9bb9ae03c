package io.rollcall.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rollcall.Misconfigured;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventBoundsTest {

    @ParameterizedTest
    @CsvSource({
        "batch,0",
        "batch,-1",
        "streams,0",
        "streams-per-organisation,0",
        "every,0s",
        "idle-every,0s",
        "retention,0s",
        "keep-alive,0s",
        "stalled-after,0s"
    })
    void whatCannotWorkIsRefusedAtStart(String name, String value) {
        EventSettings settings = settings(name, value);

        String said = assertThrows(Misconfigured.class, () -> EventBounds.check(settings))
                .getMessage();

        assertEquals("rollcall.events." + name + " must be at least 1", said.substring(0, said.indexOf(" (")));
    }

    @Test
    void anOrganisationHasAQuarterUnlessItIsSaid() {
        EventBounds.check(settings("streams", "1"));
        assertEquals(1, EventBounds.ofOneOrganisation(settings("streams", "2")));
        assertEquals(250, EventBounds.ofOneOrganisation(settings("streams", "1000")));
        assertEquals(7, EventBounds.ofOneOrganisation(settings("streams-per-organisation", "7")));
    }

    private static EventSettings settings(String name, String value) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(EventSettings.class)
                .withDefaultValue("rollcall.events." + name, value)
                .build()
                .getConfigMapping(EventSettings.class);
    }
}
