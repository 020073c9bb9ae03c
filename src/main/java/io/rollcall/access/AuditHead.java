package io.rollcall.access;

import io.rollcall.http.Ids;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far an organisation's audit chain goes: its last entry's place and hash. As a line of text it is what an operator
 * keeps elsewhere: {@code <org_id> <sequence> <sha256 in hex>}.
 *
 * @param orgId null for the platform's own chain
 */
record AuditHead(@Nullable UUID orgId, long sequence, String sha256) {

    static final String PLATFORM = "platform";

    private static final String NOTHING_BEFORE = "0".repeat(64);

    /** Before a chain's first entry. */
    static AuditHead beginning(@Nullable UUID orgId) {
        return new AuditHead(orgId, 0, NOTHING_BEFORE);
    }

    AuditHead next(AuditEntry entry) {
        return new AuditHead(orgId, sequence + 1, entry.sha256After(sha256));
    }

    String line() {
        return name(orgId) + " " + sequence + " " + sha256;
    }

    /** @throws IllegalArgumentException when it is not such a line */
    static AuditHead parse(String line) {
        String[] words = line.split(" ");
        UUID orgId = Ids.parse(words[0]);
        if (words.length != 3
                || (orgId == null && !words[0].equals(PLATFORM))
                || !words[1].matches("[1-9][0-9]{0,17}")
                || !words[2].matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("not a head (<org_id> <sequence> <sha256>): " + line);
        }
        return new AuditHead(orgId, Long.parseLong(words[1]), words[2]);
    }

    static String name(@Nullable UUID orgId) {
        return orgId == null ? PLATFORM : orgId.toString();
    }
}
