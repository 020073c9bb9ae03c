package io.rollcall.activity;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How much waits for a workspace, and for how much it waits. */
@RegisterForReflection
@Schema(
        name = "MailSummary",
        description = "How much waits for a workspace, and for how much it waits, all of one moment")
record MailSummary(
        @Schema(description = "Delegations to it that are `queued`: nobody has claimed them")
        long receivedUnread,

        @Schema(description = "Messages of its inbox after `acked_seq`")
        long repliesUnread,

        @Schema(maxItems = Received.MOST, description = "The first of `received_unread`, oldest first")
        List<Received> received,

        @Schema(
                description = "Delegations of its own that have not ended: `queued`, `dispatched`, `in_progress`, and"
                        + " `stuck` where that is no end")
        long sentAwaitingReply,

        @Schema(maxItems = Overdue.MOST, description = "The first of `overdue_count`, oldest first")
        List<Overdue> overdue,

        @Schema(description = "How many of `sent_awaiting_reply` were made more than `overdue_after_seconds` ago")
        long overdueCount,

        @Schema(description = "As it was asked for") int overdueAfterSeconds,

        @Schema(enumeration = "acked_seq", description = "By what replies count as read")
        String mode) {

    static final String ACKED_SEQ = "acked_seq";

    /** New work. */
    @RegisterForReflection
    @Schema(name = "MailReceived")
    record Received(
            String delegationId,

            @Schema(description = "The workspace that asks") UUID sourceWorkspaceId,

            @Schema(description = "The task's first 200 characters")
            String summary,

            long ageSeconds) {

        static final int MOST = 25;
    }

    /** Work of others' that is waited for too long. */
    @RegisterForReflection
    @Schema(name = "MailOverdue")
    record Overdue(
            String delegationId,

            @Schema(description = "The workspace that was asked")
            UUID targetWorkspaceId,

            long ageSeconds) {

        static final int MOST = 10;
    }
}
