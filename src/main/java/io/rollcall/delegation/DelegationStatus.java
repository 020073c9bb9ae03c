package io.rollcall.delegation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Where a delegation stands, and where it can go from there: forward only, skipping is allowed.
 *
 * <pre>
 * queued -> dispatched -> in_progress -> completed | failed
 *    \____________\_____________\______> stuck ------^ (only while it has not ended: rollcall.delegations.stuck=recoverable)
 * </pre>
 *
 * <p>The one vocabulary: the database's CHECK, its function {@code delegation_may_become}, the predicates of its indexes
 * and the API's document are compared with it by a test that reads the live catalog. Hand-typed lists drift: one that
 * missed {@code stuck} had 200,000 rows scanned for each page (molecule-core #4314).
 */
@Schema(
        name = "DelegationStatus",
        description = "Forward only. `completed` and `failed` are ends; `stuck`, the verdict on who fell silent, is one"
                + " unless the service is set to let it recover",
        enumeration = {"queued", "dispatched", "in_progress", "completed", "failed", "stuck"})
@RegisterForReflection
enum DelegationStatus {
    QUEUED(0),
    DISPATCHED(1),
    IN_PROGRESS(2),
    COMPLETED(4),
    FAILED(4),
    /** Its callee fell silent. An end, or a verdict that can be taken back by a result, as set when it was given. */
    STUCK(3);

    /** Whose caller has no answer of the callee's yet. */
    static final Set<DelegationStatus> AWAITED = EnumSet.of(QUEUED, DISPATCHED, IN_PROGRESS, STUCK);

    /** Which somebody has to look into. */
    static final Set<DelegationStatus> GONE_WRONG = EnumSet.of(FAILED, STUCK);

    private final int rank;

    DelegationStatus(int rank) {
        this.rank = rank;
    }

    /** Whether a delegation of this status that has not ended may become that. */
    boolean mayBecome(DelegationStatus next) {
        return next.rank > rank;
    }

    /** Whether a report of this status may bring a result. */
    boolean carriesResult() {
        return rank >= STUCK.rank;
    }

    /** As it stands in SQL and JSON. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static DelegationStatus of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
