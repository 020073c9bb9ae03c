package io.rollcall.organisation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A node in a part of the tree that the template no longer contains.
 *
 * @param ours whether an import of this template at this place made it, and nobody renamed or moved it since
 */
record Orphan(UUID id, @Nullable UUID parentId, String name, String path, int tier, boolean ours) {}
