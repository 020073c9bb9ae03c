package io.rollcall.heartbeat;

import io.rollcall.http.Problem;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of a beat, once that is durable.
 *
 * @param workspaceStatus after the beat; null when there is no such workspace
 */
record Outcome(
        Verdict verdict,
        @Nullable String workspaceStatus,
        @Nullable OffsetDateTime removedAt) {

    /** Each but the first names a refusal. */
    enum Verdict {
        RECORDED,
        NOT_FOUND,
        REMOVED,
        /** The workspace has as many agents as it may. */
        TOO_MANY_AGENTS,
        /** Somebody else holds the row, or the workspace, for longer than beats wait. */
        BUSY,
        /** By the database, which is a fault of ours. */
        REFUSED
    }

    boolean recorded() {
        return verdict == Verdict.RECORDED;
    }

    Problem problem(UUID workspaceId) {
        return switch (verdict) {
            case REMOVED ->
                Problem.of(410, "REMOVED", "the workspace was removed").with("removed_at", String.valueOf(removedAt));
            case TOO_MANY_AGENTS ->
                Problem.of(
                        409,
                        "TOO_MANY_AGENTS",
                        "the workspace has " + BeatRepository.MOST_AGENTS
                                + " agents, which is the most; use their ids");
            case BUSY -> Problem.unavailable("somebody else holds the workspace; nothing was written");
            case REFUSED -> refused();
            default -> Problem.notFound("workspace", workspaceId);
        };
    }

    static Problem refused() {
        return Problem.of(500, "REFUSED", "the database refused this beat; nothing of it was written");
    }
}
