package io.rollcall.organisation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/**
 * A node that a reconcile left.
 *
 * @param reason why, in words
 */
@RegisterForReflection
record KeptWorkspace(UUID id, String name, String path, String reason) {}
