package io.rollcall.metrics;

abstract class TeamMetricsSuite {}
