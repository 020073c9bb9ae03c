package io.rollcall.workspace;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * The answer to a removal.
 *
 * @param cascadeDeleted how many nodes below went with it
 */
@RegisterForReflection
record Removed(String status, int cascadeDeleted) {}
