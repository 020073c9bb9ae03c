package io.rollcall.metrics;

abstract class MetricsRaceSuite {}
