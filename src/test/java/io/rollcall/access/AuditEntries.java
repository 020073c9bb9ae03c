package io.rollcall.access;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Chains made by hand. */
final class AuditEntries {

    static final UUID ACME = UUID.fromString("00000000-0000-7000-8000-0000000000ac");
    static final UUID BETA = UUID.fromString("00000000-0000-7000-8000-0000000000be");

    private AuditEntries() {}

    static AuditEntry entry(@Nullable UUID orgId, long id, String target) {
        return new AuditEntry(
                id,
                orgId,
                "platform admin",
                "workspace.created",
                target,
                "r-" + id,
                OffsetDateTime.parse("2026-01-02T03:04:05.123456Z"),
                "{}",
                null,
                null);
    }

    /** Sealed entries 1 to n; their ids grow, with gaps as a sequence of PostgreSQL leaves them. */
    static List<AuditEntry> chain(@Nullable UUID orgId, int length) {
        var chain = new ArrayList<AuditEntry>();
        AuditHead last = AuditHead.beginning(orgId);
        for (int i = 1; i <= length; i++) {
            AuditEntry entry = entry(orgId, 10L * i, "t-" + i);
            last = last.next(entry);
            chain.add(entry.sealedAs(last));
        }
        return chain;
    }

    static AuditHead head(List<AuditEntry> chain) {
        return place(chain.get(chain.size() - 1));
    }

    static AuditHead place(AuditEntry sealed) {
        return new AuditHead(sealed.orgId(), sealed.sequence(), sealed.sha256());
    }

    /** The same entry, to somebody else's credit, with the hash it had. */
    static AuditEntry edited(AuditEntry entry) {
        return new AuditEntry(
                entry.id(),
                entry.orgId(),
                "somebody else",
                entry.action(),
                entry.target(),
                entry.requestId(),
                entry.at(),
                entry.detail(),
                entry.sequence(),
                entry.sha256());
    }

    /** The entry as it stands, at another place of the chain. */
    static AuditEntry at(long sequence, AuditEntry entry) {
        return entry.sealedAs(new AuditHead(entry.orgId(), sequence, entry.sha256()));
    }
}
