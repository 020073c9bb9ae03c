package io.rollcall.metrics;

import io.rollcall.access.Caller;
import io.rollcall.http.Page;
import io.rollcall.http.PairCursor;
import io.rollcall.http.Problem;
import io.rollcall.http.Violation;
import io.rollcall.workspace.LiveWorkspace;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of agents' days. */
@ApplicationScoped
class MetricRepository {

    private static final String CHECK_VIOLATION = "23514";
    private static final String CONSTRAINT = "agent_metrics_";

    /** The lock keeps a removal out until the row is there to be taken away with the rest. */
    private static final String WORKSPACE = """
            WITH w AS (
                SELECT w.id, w.org_id, w.removed_at FROM workspaces w
                 WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
                   FOR KEY SHARE),
            """;

    private static final String INSERT = WORKSPACE + """
            m AS (
                INSERT INTO agent_metrics AS m (workspace_id, agent_id, date, section, org_id, $COLUMNS, data)
                SELECT w.id, $3, $4::date, $5, w.org_id, $VALUES, $7::text::jsonb FROM w
                    ON CONFLICT (workspace_id, agent_id, date, section) DO UPDATE
            """;

    private static final String RETURN = """
                RETURNING $ROW)
            SELECT w.removed_at, m.agent_id, m.date, m.section, m.created_at, m.updated_at, m.metrics
              FROM w LEFT JOIN m ON true
            """;

    /** In numeric, which adds decimals exactly. */
    private static final String OTHERS_ADDED = """
            data = m.data || (
                SELECT COALESCE(jsonb_object_agg(o.key, COALESCE((m.data ->> o.key)::numeric, 0) + o.value::numeric), '{}')
                  FROM jsonb_each_text($7::text::jsonb) o)
            """;

    private static final String REPLACE =
            MetricColumns.in(INSERT + "SET $REPLACED, data = excluded.data, updated_at = now()\n" + RETURN);

    private static final String ADD =
            MetricColumns.in(INSERT + "SET $ADDED, updated_at = now(), " + OTHERS_ADDED + RETURN);

    /** What takes away from a counter makes no row: there is nothing to take from, and no row begins below 0. */
    private static final String TAKE = MetricColumns.in(WORKSPACE + """
            m AS (
                UPDATE agent_metrics m SET $ADDED, updated_at = now(),
            """ + OTHERS_ADDED + """
                  FROM w
                 WHERE m.workspace_id = w.id AND m.agent_id = $3 AND m.date = $4 AND m.section = $5
            """ + RETURN);

    private static final String PAGE = MetricColumns.in("""
            SELECT w.removed_at, m.agent_id, m.date, m.section, m.created_at, m.updated_at, m.metrics
              FROM workspaces w
              LEFT JOIN LATERAL (
                   SELECT $ROW FROM agent_metrics m
                    WHERE m.workspace_id = $1 AND m.agent_id = $3 AND m.date BETWEEN $4 AND $5
                      AND ($6::text IS NULL OR m.section = $6)
                      AND ($7::date IS NULL OR m.date < $7 OR m.section > $8)
                    ORDER BY m.date DESC, m.section LIMIT $9) m ON true
             WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
             ORDER BY m.date DESC, m.section
            """);

    /** One look over the days makes the sums of each agent and those of all, which come first. */
    private static final String TEAM = MetricColumns.in("""
            SELECT w.removed_at, t.agent_id, t.agents, t.active_days, t.totals, t.averages, t.weighted
              FROM workspaces w
              CROSS JOIN LATERAL (
                   SELECT m.agent_id, count(DISTINCT m.agent_id) AS agents, count(DISTINCT m.date) AS active_days,
                          $SUMS AS totals, $MEANS AS averages, $WEIGHTED AS weighted
                     FROM agent_metrics m
                    WHERE m.workspace_id = $1 AND m.section = '' AND m.date BETWEEN $3 AND $4
                    GROUP BY GROUPING SETS ((m.agent_id), ())
                   HAVING GROUPING(m.agent_id) = 1 OR m.agent_id > $5
                    ORDER BY GROUPING(m.agent_id) DESC, m.agent_id LIMIT $6) t
             WHERE w.id = $1 AND ($2::uuid IS NULL OR w.org_id = $2)
             ORDER BY t.agent_id NULLS FIRST
            """);

    /** Fails with 404, 410. */
    Uni<MetricDay> replace(SqlClient client, Caller caller, MetricDayOf day, MetricValues values) {
        return written(client, REPLACE, day.workspaceId(), all(caller, day, values))
                .map(Objects::requireNonNull);
    }

    /** Fails with 404, 410; with 422 when a sum would be out of range. */
    Uni<MetricDay> add(SqlClient client, Caller caller, MetricDayOf day, MetricValues values) {
        Uni<@Nullable MetricDay> written = values.takesAway()
                ? written(client, TAKE, day.workspaceId(), sums(caller, day, values))
                : written(client, ADD, day.workspaceId(), all(caller, day, values));
        return written.onFailure(PgException.class)
                .transform(failure -> refusal((PgException) failure, values))
                .onItem()
                .ifNull()
                .failWith(() -> belowZero(values));
    }

    /**
     * Fails with 404, 410.
     *
     * @param section null: all rows
     * @param after null: from the newest day on
     */
    Uni<MetricPage> page(
            SqlClient client,
            Caller caller,
            UUID workspaceId,
            String agentId,
            Days days,
            @Nullable String section,
            @Nullable After after,
            int limit) {
        LocalDate to = after == null || after.date().isAfter(days.to()) ? days.to() : after.date();
        Tuple values = Tuple.of(workspaceId, caller.organisation(), agentId, days.from(), to, section)
                .addLocalDate(after == null ? null : after.date())
                .addString(after == null ? "" : after.section())
                .addInteger(limit + 1);
        return client.preparedQuery(PAGE).execute(values).map(rows -> {
            LiveWorkspace.require(rows, workspaceId);
            List<MetricDay> found = rows.stream()
                    .filter(row -> row.getString("agent_id") != null)
                    .map(MetricRepository::day)
                    .toList();
            Page<MetricDay> page = Page.ofPairs(found, limit, last -> new PairCursor(last.date(), last.section()));
            return new MetricPage(page.items(), page.nextCursor());
        });
    }

    /** The row after which a page begins. */
    record After(LocalDate date, String section) {}

    /** Fails with 404, 410. */
    Uni<TeamPage> team(SqlClient client, Caller caller, UUID workspaceId, Days days, PairCursor after, int limit) {
        Tuple values = Tuple.of(workspaceId, caller.organisation(), days.from(), days.to(), after.first(), limit + 2);
        return client.preparedQuery(TEAM).execute(values).map(rows -> {
            Row first = LiveWorkspace.require(rows, workspaceId);
            var team = new TeamTotal(
                    first.getLong("agents"),
                    first.getLong("active_days"),
                    first.getString("totals"),
                    first.getString("averages"),
                    first.getString("weighted"));
            List<TeamMember> members =
                    rows.stream().skip(1).map(MetricRepository::member).toList();
            Page<TeamMember> page = Page.ofPairs(members, limit, last -> new PairCursor(last.agentId(), ""));
            return new TeamPage(days.from().toString(), days.to().toString(), team, page.items(), page.nextCursor());
        });
    }

    /** Null when nothing was written. */
    private static Uni<@Nullable MetricDay> written(SqlClient client, String sql, UUID workspaceId, Tuple values) {
        return client.preparedQuery(sql).execute(values).map(rows -> {
            Row row = LiveWorkspace.require(rows, workspaceId);
            return row.getString("agent_id") == null ? null : day(row);
        });
    }

    private static Tuple sums(Caller caller, MetricDayOf day, MetricValues values) {
        return Tuple.of(day.workspaceId(), caller.organisation(), day.agentId(), day.date(), day.section())
                .addArrayOfLong(values.allCounters())
                .addString(values.othersText());
    }

    private static Tuple all(Caller caller, MetricDayOf day, MetricValues values) {
        return sums(caller, day, values).addArrayOfDouble(values.allAverages());
    }

    private static Throwable refusal(PgException failure, MetricValues values) {
        if (!CHECK_VIOLATION.equals(failure.getSqlState())) {
            return failure;
        }
        String constraint = String.valueOf(failure.getConstraint());
        for (Counter counter : Counter.values()) {
            if (constraint.equals(CONSTRAINT + counter.key())) {
                return Problem.invalid(List.of(values.takesFrom(counter) ? belowZero(counter) : beyond(counter.key())));
            }
        }
        return switch (constraint) {
            case CONSTRAINT + "data_range" ->
                Problem.invalid(values.others().properties().stream()
                        .map(other -> beyond(other.getKey()))
                        .toList());
            case CONSTRAINT + "data_keys" ->
                Problem.invalid(List.of(new Violation(
                        "",
                        "the day would have more than " + MetricValues.MOST_OTHERS
                                + " keys of your own; nothing was added")));
            default -> failure;
        };
    }

    private static Problem belowZero(MetricValues values) {
        return Problem.invalid(Arrays.stream(Counter.values())
                .filter(values::takesFrom)
                .map(MetricRepository::belowZero)
                .toList());
    }

    private static Violation belowZero(Counter counter) {
        return new Violation(counter.key(), "would be less than 0; nothing was added");
    }

    private static Violation beyond(String key) {
        return new Violation(key, "the sum would be beyond " + Counter.MOST + "; nothing was added");
    }

    private static MetricDay day(Row row) {
        return new MetricDay(
                row.getString("agent_id"),
                row.getLocalDate("date").toString(),
                row.getString("section"),
                row.getString("metrics"),
                row.getOffsetDateTime("created_at"),
                row.getOffsetDateTime("updated_at"));
    }

    private static TeamMember member(Row row) {
        return new TeamMember(
                row.getString("agent_id"),
                row.getLong("active_days"),
                row.getString("totals"),
                row.getString("averages"),
                row.getString("weighted"));
    }
}
