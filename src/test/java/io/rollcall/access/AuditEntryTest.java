package io.rollcall.access;

import static io.rollcall.access.AuditEntries.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The form in which entries are hashed, against hashes that another program computed. */
class AuditEntryTest {

    private static final String NOTHING = "00".repeat(32);

    /** By Python's hashlib and struct.pack(">i", …): see docs/adr/0007-audit-is-sealed-after-the-fact.md. */
    @Test
    void theFormIsTheOneThatIsWrittenDown() {
        String first = AuditEntries.entry(ACME, 1, "Zoë").sha256After(NOTHING);

        assertEquals("17ef6f35e6fe81180649a4b4521c01c3e465b14451b1874738e0b20a1093eb9c", first);
        assertEquals(
                "4a7a055ab6fb0aebd651220447be097f725774887fdcd181b172572319b3f033",
                AuditEntries.entry(null, 2, "").sha256After(first));
    }

    @Test
    void everyFieldCountsAndNoneRunsIntoTheNext() {
        var at = OffsetDateTime.parse("2026-01-02T03:04:05.123456Z");
        var other = UUID.fromString("00000000-0000-7000-8000-0000000000ad");
        List<AuditEntry> entries = List.of(
                new AuditEntry(1, ACME, "a", "b", "c", "d", at, "{}", null, null),
                new AuditEntry(2, ACME, "a", "b", "c", "d", at, "{}", null, null),
                new AuditEntry(1, other, "a", "b", "c", "d", at, "{}", null, null),
                new AuditEntry(1, null, "a", "b", "c", "d", at, "{}", null, null),
                new AuditEntry(1, ACME, "", "ab", "c", "d", at, "{}", null, null),
                new AuditEntry(1, ACME, "a", "bc", "", "d", at, "{}", null, null),
                new AuditEntry(1, ACME, "a", "b", "cd", "", at, "{}", null, null),
                new AuditEntry(1, ACME, "a", "b", "c", "e", at, "{}", null, null),
                new AuditEntry(1, ACME, "a", "b", "c", "d", at.plusNanos(1000), "{}", null, null),
                new AuditEntry(1, ACME, "a", "b", "c", "d", at, "{\"a\": 1}", null, null));
        var hashes = new HashSet<String>();
        entries.forEach(entry -> hashes.add(entry.sha256After(NOTHING)));
        hashes.add(entries.get(0).sha256After("01".repeat(32)));

        assertEquals(entries.size() + 1, hashes.size());
    }

    @Test
    void aHeadIsTheLineThatItIsWrittenAs() {
        var heads = new ArrayList<AuditHead>();
        for (UUID orgId : new UUID[] {ACME, null}) {
            heads.add(AuditEntries.head(AuditEntries.chain(orgId, 3)));
        }

        assertEquals(
                heads, heads.stream().map(AuditHead::line).map(AuditHead::parse).toList());
        assertEquals("platform 3 " + heads.get(1).sha256(), heads.get(1).line());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "platform",
                "nobody 1 0000000000000000000000000000000000000000000000000000000000000000",
                "platform 0 0000000000000000000000000000000000000000000000000000000000000000",
                "platform 9999999999999999999 0000000000000000000000000000000000000000000000000000000000000000",
                "platform 1 00",
                "platform 1 0000000000000000000000000000000000000000000000000000000000000000 more"
            })
    void anotherLineIsNoHead(String line) {
        org.junit.jupiter.api.Assertions.assertThrows(IllegalArgumentException.class, () -> AuditHead.parse(line));
    }
}
