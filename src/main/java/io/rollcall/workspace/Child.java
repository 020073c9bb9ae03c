package io.rollcall.workspace;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/** What stands in the way of removing a workspace. */
@RegisterForReflection
record Child(UUID id, String name) {}
