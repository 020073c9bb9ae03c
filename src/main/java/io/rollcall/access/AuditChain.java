package io.rollcall.access;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Recomputes the chains of the audit trail, entry by entry, and says where what is stored is not what was sealed. After a
 * fault it goes on from the stored hash, so that one edit is reported once.
 *
 * <p>It shows: an edited entry, one that is missing, one too many, two that changed places, and a tail that was cut off,
 * by the chain's head.
 *
 * <p>It cannot show, by itself: entries that were false when they were written, or changed before their seal; and a chain
 * that was written anew from some entry on, its head included. The latter contradicts a head that somebody remembers from
 * before, which is why the heads belong in a second place.
 */
final class AuditChain {

    /** What is wrong, and from which entry of which chain on. */
    record Fault(@Nullable UUID orgId, long sequence, String what) {
        String line() {
            return AuditHead.name(orgId) + " " + sequence + " " + what;
        }
    }

    private final Map<@Nullable UUID, AuditHead> heads;
    private final Map<@Nullable UUID, AuditHead> remembered;
    private final Consumer<Fault> faults;
    private @Nullable AuditHead last;

    /**
     * @param heads as stored
     * @param remembered heads of an earlier time, from outside of the database; of any chains, or none
     */
    AuditChain(
            Map<@Nullable UUID, AuditHead> heads, Map<@Nullable UUID, AuditHead> remembered, Consumer<Fault> faults) {
        this.heads = new HashMap<>(heads);
        this.remembered = new HashMap<>(remembered);
        this.faults = faults;
    }

    /** The next sealed entry, chain after chain, each in the order of its sequence. */
    void add(AuditEntry entry) {
        AuditHead before = last;
        if (before == null || !Objects.equals(before.orgId(), entry.orgId())) {
            endChain();
            before = AuditHead.beginning(entry.orgId());
        }
        var stored = new AuditHead(
                entry.orgId(), Objects.requireNonNull(entry.sequence()), Objects.requireNonNull(entry.sha256()));
        if (stored.sequence() <= before.sequence()) {
            fault(stored, "is there twice");
        } else if (stored.sequence() > before.sequence() + 1) {
            missing(before, stored.sequence() - 1);
        } else if (!stored.equals(before.next(entry))) {
            fault(stored, "does not follow from the entry before it: edited, put between or moved");
        }
        AuditHead known = remembered.get(entry.orgId());
        if (known != null && known.sequence() == stored.sequence() && !known.equals(stored)) {
            fault(stored, "is not the one that was remembered: the chain was written anew");
        }
        last = stored;
    }

    /** After the last entry: what the heads promise and no entry has kept. */
    void end() {
        endChain();
        Map.copyOf(heads).values().forEach(this::endWithoutEntries);
        Map.copyOf(remembered).values().forEach(this::endWithoutEntries);
    }

    private void endWithoutEntries(AuditHead head) {
        last = AuditHead.beginning(head.orgId());
        endChain();
    }

    private void endChain() {
        AuditHead end = last;
        if (end == null) {
            return;
        }
        last = null;
        AuditHead head = heads.remove(end.orgId());
        AuditHead known = remembered.remove(end.orgId());
        long promised = Math.max(head == null ? 0 : head.sequence(), known == null ? 0 : known.sequence());
        if (promised > end.sequence()) {
            missing(end, promised);
        } else if (!end.equals(head)) {
            fault(end, "is the last one, which the chain's head contradicts");
        }
    }

    private void missing(AuditHead before, long last) {
        long first = before.sequence() + 1;
        faults.accept(new Fault(before.orgId(), first, first == last ? "is missing" : "to " + last + " are missing"));
    }

    private void fault(AuditHead at, String what) {
        faults.accept(new Fault(at.orgId(), at.sequence(), what));
    }
}
