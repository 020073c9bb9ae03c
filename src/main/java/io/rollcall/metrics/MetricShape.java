package io.rollcall.metrics;

import io.rollcall.http.Texts;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** For the API's document: the numbers that the service knows, and any others. */
final class MetricShape {

    private static final String MOST = "9007199254740991";
    private static final String OTHERS = "Keys of your own are kept beside these, at most 100, each with a number";

    private MetricShape() {}

    /** Of a body that replaces. */
    @Schema(
            name = "NewAgentMetrics",
            propertyNames = Key.class,
            additionalProperties = Other.class,
            description = OTHERS + ". What is absent is 0, or null where it is an average or a rate; one of these"
                    + " that is not 0 is at least 1e-30",
            examples = "{\"tasks_completed\": 3, \"first_pass_rate\": 0, \"tokens\": 125000}")
    record Replacing(
            @Nullable @Schema(minimum = "0", maximum = MOST) Long tasksCompleted,
            @Nullable @Schema(minimum = "0", maximum = MOST) Long tasksStarted,
            @Nullable @Schema(minimum = "0", maximum = MOST) Long bounceCount,
            @Nullable @Schema(minimum = "0", maximum = MOST) Long stallCount,
            @Nullable @Schema(minimum = "0", maximum = MOST) Long commentsPosted,
            @Nullable @Schema(minimum = "0", maximum = MOST) Long mentionsReceived,
            @Nullable @Schema(minimum = "0", maximum = MOST) Long mentionsSent,
            @Nullable @Schema(minimum = "0", maximum = MOST) Long kudosCount,
            @Nullable @Schema(minimum = "0", maximum = MOST) Long flagCount,
            @Nullable @Schema(minimum = "0", maximum = MOST) Long activeMinutes,
            @Nullable @Schema(minimum = "0", maximum = MOST) Long versionsCompleted,
            @Nullable @Schema(minimum = "0", maximum = MOST) Double avgDurationMin,
            @Nullable @Schema(minimum = "0", maximum = MOST) Double medianDurationMin,
            @Nullable @Schema(minimum = "0", maximum = MOST) Double avgGapMin,
            @Nullable @Schema(minimum = "0", maximum = "1") Double chainRate,
            @Nullable @Schema(minimum = "0", maximum = MOST) Double throughput,
            @Nullable @Schema(minimum = "0", maximum = "1") Double firstPassRate,
            @Nullable @Schema(minimum = "0", maximum = MOST) Double mentionResponseMin,
            @Nullable @Schema(minimum = "0", maximum = "1") Double reviewNotesRate,
            @Nullable @Schema(minimum = "0", maximum = "1") Double testPlanRate) {}

    /** Of a body that is added. */
    @Schema(
            name = "AgentMetricsIncrement",
            minProperties = 1,
            propertyNames = Key.class,
            additionalProperties = Other.class,
            description = OTHERS + ". Averages and rates cannot be added to",
            examples = "{\"tasks_completed\": 1, \"tokens\": 2500}")
    record Adding(
            @Nullable @Schema(minimum = "-" + MOST, maximum = MOST)
            Long tasksCompleted,

            @Nullable @Schema(minimum = "-" + MOST, maximum = MOST)
            Long tasksStarted,

            @Nullable @Schema(minimum = "-" + MOST, maximum = MOST)
            Long bounceCount,

            @Nullable @Schema(minimum = "-" + MOST, maximum = MOST)
            Long stallCount,

            @Nullable @Schema(minimum = "-" + MOST, maximum = MOST)
            Long commentsPosted,

            @Nullable @Schema(minimum = "-" + MOST, maximum = MOST)
            Long mentionsReceived,

            @Nullable @Schema(minimum = "-" + MOST, maximum = MOST)
            Long mentionsSent,

            @Nullable @Schema(minimum = "-" + MOST, maximum = MOST)
            Long kudosCount,

            @Nullable @Schema(minimum = "-" + MOST, maximum = MOST)
            Long flagCount,

            @Nullable @Schema(minimum = "-" + MOST, maximum = MOST)
            Long activeMinutes,

            @Nullable @Schema(minimum = "-" + MOST, maximum = MOST)
            Long versionsCompleted) {}

    /** Of a reply. */
    @Schema(name = "AgentMetrics", additionalProperties = Double.class, description = OTHERS)
    record Answered(
            long tasksCompleted,
            long tasksStarted,
            long bounceCount,
            long stallCount,
            long commentsPosted,
            long mentionsReceived,
            long mentionsSent,
            long kudosCount,
            long flagCount,
            long activeMinutes,
            long versionsCompleted,
            @Nullable Double avgDurationMin,
            @Nullable Double medianDurationMin,
            @Nullable Double avgGapMin,
            @Nullable Double chainRate,

            @Nullable @Schema(description = "Tasks completed in an active hour")
            Double throughput,

            @Nullable Double firstPassRate,
            @Nullable Double mentionResponseMin,
            @Nullable Double reviewNotesRate,
            @Nullable Double testPlanRate) {}

    /** Sums of a reply. */
    @Schema(name = "AgentMetricTotals")
    record Totals(
            long tasksCompleted,
            long tasksStarted,
            long bounceCount,
            long stallCount,
            long commentsPosted,
            long mentionsReceived,
            long mentionsSent,
            long kudosCount,
            long flagCount,
            long activeMinutes,
            long versionsCompleted) {}

    /** Means of a reply. */
    @Schema(
            name = "AgentMetricAverages",
            description = "Each over the days that have one, an agent's day counting once; null when none has")
    record Averages(
            @Nullable Double avgDurationMin,
            @Nullable Double medianDurationMin,
            @Nullable Double avgGapMin,
            @Nullable Double chainRate,
            @Nullable Double throughput,
            @Nullable Double firstPassRate,
            @Nullable Double mentionResponseMin,
            @Nullable Double reviewNotesRate,
            @Nullable Double testPlanRate) {}

    /** A key, known or the client's own. */
    @Schema(
            name = "MetricKey",
            type = SchemaType.STRING,
            minLength = 1,
            maxLength = MetricValues.LONGEST_KEY,
            pattern = Texts.NAME)
    interface Key {}

    /** A number under a key of the client's own. */
    @Schema(name = "OtherMetric", type = SchemaType.NUMBER, minimum = "-" + MOST, maximum = MOST)
    interface Other {}
}
