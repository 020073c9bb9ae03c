package io.rollcall;

/** As the unit tests' logs, so those of the packaged jar. */
class SecretsIT extends SecretsTest {}
