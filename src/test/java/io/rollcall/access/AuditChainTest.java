package io.rollcall.access;

import static io.rollcall.access.AuditEntries.ACME;
import static io.rollcall.access.AuditEntries.BETA;
import static io.rollcall.access.AuditEntries.at;
import static io.rollcall.access.AuditEntries.chain;
import static io.rollcall.access.AuditEntries.edited;
import static io.rollcall.access.AuditEntries.head;
import static io.rollcall.access.AuditEntries.place;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each way to tamper with a chain is found, at its place, and reported as often as it was done. */
class AuditChainTest {

    private static final String MOVED = " does not follow from the entry before it: edited, put between or moved";
    private static final String CONTRADICTS = " is the last one, which the chain's head contradicts";
    private static final String REWRITTEN = " is not the one that was remembered: the chain was written anew";

    private final List<AuditEntry> entries = chain(ACME, 9);
    private final AuditHead head = head(entries);
    private List<AuditHead> heads;
    private List<AuditHead> remembered;

    @BeforeEach
    void whatIsStored() {
        heads = List.of(head);
        remembered = List.of();
    }

    @Test
    void anIntactChainHasNoFaults() {
        assertEquals(List.of(), faults());
        for (AuditEntry entry : entries) {
            remembered = List.of(place(entry));
            assertEquals(List.of(), faults(), "remembered " + entry.sequence());
        }
    }

    @Test
    void chainsAreJudgedEachForItself() {
        List<AuditEntry> beta = chain(BETA, 4);
        List<AuditEntry> platform = chain(null, 2);
        entries.addAll(beta);
        entries.addAll(platform);
        heads = List.of(head, head(beta), head(platform));
        assertEquals(List.of(), faults());

        entries.set(9 + 1, edited(beta.get(1)));
        entries.set(9 + 4, edited(platform.get(0)));

        assertEquals(List.of(BETA + " 2" + MOVED, "platform 1" + MOVED), faults());
    }

    @Test
    void anEditIsReportedOnceAtItsEntry() {
        for (int i = 0; i < entries.size(); i++) {
            AuditEntry original = entries.set(i, edited(entries.get(i)));
            assertEquals(faults(i + 1 + MOVED), faults());
            entries.set(i, original);
        }
    }

    @Test
    void anEditWithItsHashComputedAgainIsReportedAtTheNextEntry() {
        AuditEntry forged = edited(entries.get(3));
        entries.set(3, forged.sealedAs(place(entries.get(2)).next(forged)));

        assertEquals(faults(5 + MOVED), faults());
    }

    @Test
    void anEditOfTheLastEntryWithItsHashContradictsTheHead() {
        AuditEntry forged = edited(entries.get(8));
        entries.set(8, forged.sealedAs(place(entries.get(7)).next(forged)));

        assertEquals(faults(9 + CONTRADICTS), faults());
    }

    @Test
    void aDeletedEntryIsAGap() {
        entries.remove(0);
        assertEquals(faults("1 is missing"), faults());

        entries.subList(2, 5).clear();
        assertEquals(faults("1 is missing", "4 to 6 are missing"), faults());
    }

    @Test
    void aDeletedEntryWhoseGapWasClosedIsFoundWhereItWas() {
        entries.remove(3);
        for (int i = 3; i < entries.size(); i++) {
            entries.set(i, at(i + 1L, entries.get(i)));
        }

        assertEquals(faults(4 + MOVED, "9 is missing"), faults());
    }

    @Test
    void anEntryPutBetweenIsFoundAtItsPlaceAndItsSuccessors() {
        AuditEntry forged = AuditEntries.entry(ACME, 35, "forged");
        AuditHead place = place(entries.get(3));
        entries.add(4, forged.sealedAs(place.next(forged)));
        for (int i = 5; i < entries.size(); i++) {
            entries.set(i, at(i + 1L, entries.get(i)));
        }

        assertEquals(faults(6 + MOVED, 10 + CONTRADICTS), faults());
    }

    @Test
    void aSecondEntryOfOnePlaceIsFound() {
        entries.add(4, at(4, edited(entries.get(3))));

        assertEquals(faults("4 is there twice"), faults());
    }

    @Test
    void twoThatChangedPlacesAreFoundAtBoth() {
        AuditEntry third = entries.get(2);
        entries.set(2, at(3, entries.get(6)));
        entries.set(6, at(7, third));

        assertEquals(faults(3 + MOVED, 4 + MOVED, 7 + MOVED, 8 + MOVED), faults());
    }

    @Test
    void aCutTailIsAsLongAsTheHeadSays() {
        entries.subList(6, 9).clear();
        assertEquals(faults("7 to 9 are missing"), faults());

        entries.clear();
        assertEquals(faults("1 to 9 are missing"), faults());
    }

    @Test
    void aTailCutTogetherWithItsHeadIsFoundByARememberedHead() {
        remembered = List.of(head);
        entries.subList(6, 9).clear();
        heads = List.of(head(entries));
        assertEquals(faults("7 to 9 are missing"), faults());

        entries.clear();
        heads = List.of();
        assertEquals(faults("1 to 9 are missing"), faults());
    }

    @Test
    void entriesWithoutAHeadAreReported() {
        heads = List.of();
        assertEquals(faults(9 + CONTRADICTS), faults());
    }

    @Test
    void aChainWrittenAnewIsFoundByARememberedHeadAlone() {
        List<AuditEntry> anew = new ArrayList<>();
        AuditHead last = AuditHead.beginning(ACME);
        for (AuditEntry entry : entries) {
            AuditEntry forged = entry.sequence() == 5 ? edited(entry) : entry;
            last = last.next(forged);
            anew.add(forged.sealedAs(last));
        }
        AuditHead fourth = place(entries.get(3));
        AuditHead sixth = place(entries.get(5));
        entries.clear();
        entries.addAll(anew);
        heads = List.of(last);

        assertEquals(List.of(), faults());
        remembered = List.of(fourth);
        assertEquals(List.of(), faults());
        remembered = List.of(sixth);
        assertEquals(faults(6 + REWRITTEN), faults());
    }

    private List<String> faults() {
        var found = new ArrayList<String>();
        var chain = new AuditChain(map(heads), map(remembered), fault -> found.add(fault.line()));
        entries.forEach(chain::add);
        chain.end();
        return found;
    }

    private static HashMap<UUID, AuditHead> map(List<AuditHead> heads) {
        var map = new HashMap<UUID, AuditHead>();
        heads.forEach(head -> map.put(head.orgId(), head));
        return map;
    }

    private static List<String> faults(String... ofAcme) {
        return Arrays.stream(ofAcme).map(fault -> ACME + " " + fault).toList();
    }
}
