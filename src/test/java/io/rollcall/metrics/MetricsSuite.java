package io.rollcall.metrics;

abstract class MetricsSuite {}
