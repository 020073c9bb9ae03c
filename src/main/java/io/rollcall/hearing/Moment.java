package io.rollcall.hearing;

import java.time.OffsetDateTime;

/** The time by the database's clock, and since when its server runs. */
record Moment(OffsetDateTime now, OffsetDateTime databaseStarted) {}
