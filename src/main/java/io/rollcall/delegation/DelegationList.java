package io.rollcall.delegation;

import io.rollcall.delegation.DelegationFilter.Group;
import io.rollcall.schema.PlannedEachTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statements of the list: for each place that is looked in and each group of statuses one that leads to its index, so
 * that a page takes as long among a million as among ten thousand. All have the same parameters ({@code $1} is that of
 * {@link DelegationRow#COLUMNS}): 2 below which id, 3 how many, 4 the caller's organisation, 5 organisation, 6 caller,
 * 7 callee, 8 either, 9 status, 10 whether overdue, 11 root.
 */
final class DelegationList {

    private enum Place {
        EVERYWHERE,
        ORGANISATION,
        CALLER,
        CALLEE,
        EITHER,
        TREE
    }

    private record Shape(Place place, Group group) {}

    private static final String ORGANISATION = "($5::uuid IS NULL OR d.org_id = $5)";
    private static final String CALLER = "($6::uuid IS NULL OR d.caller_id = $6)";
    private static final String CALLEE = "($7::uuid IS NULL OR d.callee_id = $7)";
    private static final String EITHER = "($8::uuid IS NULL OR d.caller_id = $8 OR d.callee_id = $8)";
    private static final String ROOT = "($11::text IS NULL OR d.root_delegation_id = $11)";
    private static final String ALWAYS = """
            d.id < $2
             AND ($9::text IS NULL OR d.status = $9)
             AND ($10::boolean IS NOT TRUE OR d.deadline < now())
            """;

    private static final String AWAITED = among(DelegationStatus.AWAITED);
    private static final String GONE_WRONG = among(DelegationStatus.GONE_WRONG);

    private static final Map<Shape, String> STATEMENTS = Arrays.stream(Place.values())
            .flatMap(place -> Arrays.stream(Group.values()).map(group -> new Shape(place, group)))
            .collect(Collectors.toMap(shape -> shape, DelegationList::statement));

    private DelegationList() {}

    static String of(DelegationFilter filter) {
        return Objects.requireNonNull(STATEMENTS.get(new Shape(place(filter), group(filter))));
    }

    private static Place place(DelegationFilter filter) {
        if (filter.root() != null) {
            return Place.TREE;
        }
        if (filter.caller() != null) {
            return Place.CALLER;
        }
        if (filter.callee() != null) {
            return Place.CALLEE;
        }
        if (filter.either() != null) {
            return Place.EITHER;
        }
        return filter.organisation() == null ? Place.EVERYWHERE : Place.ORGANISATION;
    }

    /** What got stuck is also awaited, which is known by caller. */
    private static Group group(DelegationFilter filter) {
        return filter.status() == DelegationStatus.STUCK && filter.caller() != null && filter.root() == null
                ? Group.AWAITED
                : filter.group();
    }

    private static String statement(Shape shape) {
        return PlannedEachTime.statement(
                "WITH page AS MATERIALIZED (SELECT f.id FROM (" + looks(shape) + ") f ORDER BY f.id DESC LIMIT $3)"
                        + " SELECT " + DelegationRow.COLUMNS + " FROM page JOIN delegations d ON d.id = page.id"
                        + DelegationRow.BEAT + " WHERE ($4::uuid IS NULL OR d.org_id = $4) ORDER BY d.id DESC");
    }

    /** For two indexes two looks: a condition with OR would sort a workspace's whole history for each page. */
    private static String looks(Shape shape) {
        Group group = shape.group();
        return switch (shape.place()) {
            case EVERYWHERE ->
                group == Group.ALL
                        ? "(SELECT d.id FROM delegations d WHERE "
                                + all(CALLER, CALLEE, EITHER, ROOT, ORGANISATION, ALWAYS)
                                + " ORDER BY d.id DESC LIMIT $3)"
                        : few(all(CALLER, CALLEE, EITHER, ROOT, ORGANISATION, ALWAYS), group);
            case ORGANISATION -> look("d.org_id", "$5", group, all(CALLER, CALLEE, EITHER, ROOT, ALWAYS));
            case CALLER -> look("d.caller_id", "$6", group, all(ORGANISATION, CALLEE, EITHER, ROOT, ALWAYS));
            case CALLEE -> look("d.callee_id", "$7", group, all(ORGANISATION, CALLER, EITHER, ROOT, ALWAYS));
            case EITHER ->
                look("d.caller_id", "$8", group, all(ORGANISATION, CALLER, CALLEE, ROOT, ALWAYS))
                        + " UNION ALL "
                        + look("d.callee_id", "$8", group, all(ORGANISATION, CALLER, CALLEE, ROOT, ALWAYS));
            case TREE ->
                tree("d.root_delegation_id = $11 AND d.parent_delegation_id IS NOT NULL", group)
                        + " UNION ALL "
                        + tree("d.delegation_id = $11 AND d.parent_delegation_id IS NULL", group);
        };
    }

    private static String look(String column, String parameter, Group group, String rest) {
        boolean caller = column.equals("d.caller_id");
        return switch (group) {
            case ALL -> newest(column, parameter, rest);
            case GONE_WRONG -> newest(column, parameter, rest + " AND " + of(group));
            case AWAITED ->
                caller
                        ? newest(column, parameter, rest + " AND " + AWAITED)
                        : few(column + " = " + parameter + " AND " + rest, group);
            // What is in flight is also awaited, which is known by caller.
            case IN_FLIGHT ->
                few(column + " = " + parameter + " AND " + rest + (caller ? " AND " + AWAITED : ""), group);
        };
    }

    private static String tree(String where, Group group) {
        return few(where + " AND " + all(ORGANISATION, CALLER, CALLEE, EITHER, ALWAYS), group);
    }

    /**
     * Walks the index of the column and the id. With a plain comparison the order would be that of the id alone, and for
     * whom the newest rows are not, the planner would walk the primary key through everybody else's.
     */
    private static String newest(String column, String parameter, String rest) {
        return "(SELECT d.id FROM delegations d WHERE " + column + " = ANY (ARRAY[" + parameter + "::uuid]) AND " + rest
                + " ORDER BY " + column + " DESC, d.id DESC LIMIT $3)";
    }

    /** Takes all of a partial index, planned without the limit, for which a planner would rather walk through history. */
    private static String few(String where, Group group) {
        return "(SELECT d.id FROM delegations d WHERE " + where + " AND " + of(group) + " OFFSET 0)";
    }

    private static String of(Group group) {
        return switch (group) {
            case ALL -> "true";
            case IN_FLIGHT -> "d.finished_at IS NULL";
            case AWAITED -> "(d.finished_at IS NULL OR d.status = 'stuck')";
            case GONE_WRONG -> GONE_WRONG;
        };
    }

    private static String all(String... conditions) {
        return Stream.of(conditions).collect(Collectors.joining(" AND "));
    }

    private static String among(Set<DelegationStatus> statuses) {
        return statuses.stream()
                .map(status -> "'" + status.word() + "'")
                .collect(Collectors.joining(", ", "d.status IN (", ")"));
    }
}
