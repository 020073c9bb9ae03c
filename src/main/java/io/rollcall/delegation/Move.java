package io.rollcall.delegation;

import io.rollcall.access.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A report on a delegation, and who makes it.
 *
 * @param acting the workspace for which alone its author may speak; null: for all of the organisation
 */
record Move(
        String delegationId,
        Report report,
        String actor,
        @Nullable UUID acting) {

    static Move of(Caller caller, String delegationId, Report report) {
        return new Move(delegationId, report, caller.actor(), caller.workspace());
    }

    /** Over what it says, so that evidence is kept once however often it is sent. */
    String sha256() {
        try {
            // Nothing that is said has a NUL in it.
            String said = Stream.of(
                            report.status(),
                            report.attempt(),
                            report.result(),
                            report.resultPreview(),
                            report.errorDetail())
                    .map(part -> part == null ? "-" : "+" + part)
                    .collect(Collectors.joining("\0"));
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(said.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
