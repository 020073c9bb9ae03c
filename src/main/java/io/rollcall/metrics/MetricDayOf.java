package io.rollcall.metrics;

import java.time.LocalDate;
import java.util.UUID;

/** Which row. */
record MetricDayOf(UUID workspaceId, String agentId, LocalDate date, String section) {}
