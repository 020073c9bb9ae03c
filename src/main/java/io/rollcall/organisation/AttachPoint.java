package io.rollcall.organisation;

import java.util.UUID;

/**
 * The workspace below which a template is imported.
 *
 * @param path the names from the root down to it: {@code Acme/Engineering}
 * @param depth its level, the root's being 1
 */
record AttachPoint(UUID id, UUID orgId, String path, int depth) {}
