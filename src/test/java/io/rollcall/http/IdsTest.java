package io.rollcall.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

    @Test
    void idsAreVersion7AndSortInTheOrderOfMaking() {
        String before = "";
        for (int i = 0; i < 100_000; i++) {
            UUID id = Ids.next();
            assertEquals(7, id.version());
            assertEquals(2, id.variant());
            assertTrue(id.toString().compareTo(before) > 0, () -> id + " does not sort last");
            before = id.toString();
        }
    }

    @Test
    void anIdBearsTheTimeOfItsMaking() {
        long before = System.currentTimeMillis();
        long at = Ids.next().getMostSignificantBits() >>> 16;

        assertTrue(at >= before && at <= System.currentTimeMillis(), before + " " + at);
    }

    @Test
    void onlyTheWholeFormIsAnId() {
        assertEquals(new UUID(1, 2), Ids.parse(new UUID(1, 2).toString()));
        assertEquals(new UUID(0, 0xab), Ids.parse("00000000-0000-0000-0000-0000000000AB"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-1-1-1-1",
                "00000000-0000-0000-0000-00000000000",
                "00000000-0000-0000-0000-0000000000000",
                "{00000000-0000-0000-0000-000000000000}",
                "00000000000000000000000000000000",
                "0000000g-0000-0000-0000-000000000000",
                "00000000-0000-0000-0000-000000000000\n"
            })
    void whatIsWrittenOtherwiseIsNoIdAndNotFound(String text) {
        assertNull(Ids.parse(text));
        Problem problem = assertThrows(Problem.class, () -> Ids.fromPath("workspace", text));
        assertEquals(404, problem.status());
        assertEquals("no workspace " + text, problem.detail());
    }
}
