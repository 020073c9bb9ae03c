package io.rollcall.delegation;

import io.rollcall.access.Caller;
import io.rollcall.http.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which delegations a list shows.
 *
 * @param visible whose rows the caller may name; null: everybody's
 * @param organisation null: of all
 * @param either a workspace that must be caller or callee; null: any
 * @param root the top of their tree; null: any
 */
record DelegationFilter(
        @Nullable UUID visible,
        Group group,
        @Nullable DelegationStatus status,
        boolean overdue,
        @Nullable UUID organisation,
        @Nullable UUID caller,
        @Nullable UUID callee,
        @Nullable UUID either,
        @Nullable String root) {

    /** What has an index of its own: how many there are of it says nothing of how many there are in all. */
    enum Group {
        ALL,
        IN_FLIGHT,
        AWAITED,
        GONE_WRONG
    }

    /** Statuses, and what more can be asked for in their place. */
    static final String IN_FLIGHT = "in_flight";

    static final String OVERDUE = "overdue";
    static final String AWAITING_REPLY = "awaiting_reply";

    static final List<String> WORDS = Stream.concat(
                    Arrays.stream(DelegationStatus.values()).map(DelegationStatus::word),
                    Stream.of(IN_FLIGHT, OVERDUE, AWAITING_REPLY))
            .toList();

    /** Everything that the caller may see: of a workspace's token what it asked or was asked. */
    static DelegationFilter of(Caller who) {
        return new DelegationFilter(
                who.organisation(), Group.ALL, null, false, who.organisation(), null, null, who.workspace(), null);
    }

    /**
     * @param word null: any status
     * @throws Problem 400 when there is no such word
     */
    DelegationFilter with(@Nullable String word) {
        if (word == null) {
            return this;
        }
        return switch (word) {
            case IN_FLIGHT -> with(Group.IN_FLIGHT, null, false);
            case OVERDUE -> with(Group.IN_FLIGHT, null, true);
            case AWAITING_REPLY -> with(Group.AWAITED, null, false);
            default ->
                Arrays.stream(DelegationStatus.values())
                        .filter(status -> status.word().equals(word))
                        .findFirst()
                        .map(status -> with(group(status), status, false))
                        .orElseThrow(() -> Problem.malformed("status", "must be one of " + String.join(", ", WORDS)));
        };
    }

    /** The organisation is the caller's own whatever is asked, so that a foreign one shows nothing. */
    DelegationFilter between(@Nullable UUID asked, @Nullable UUID from, @Nullable UUID to, @Nullable String top) {
        return new DelegationFilter(
                visible, group, status, overdue, asked == null ? organisation : asked, from, to, either, top);
    }

    DelegationFilter ofWorkspace(UUID workspaceId) {
        return new DelegationFilter(visible, group, status, overdue, organisation, caller, callee, workspaceId, root);
    }

    private DelegationFilter with(Group group, @Nullable DelegationStatus status, boolean overdue) {
        return new DelegationFilter(visible, group, status, overdue, organisation, caller, callee, either, root);
    }

    private static Group group(DelegationStatus status) {
        return switch (status) {
            case QUEUED, DISPATCHED, IN_PROGRESS -> Group.IN_FLIGHT;
            case FAILED, STUCK -> Group.GONE_WRONG;
            case COMPLETED -> Group.ALL;
        };
    }
}
