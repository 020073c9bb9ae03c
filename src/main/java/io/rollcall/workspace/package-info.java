/** The tree of workspaces: rows, status, tombstones, moves, and the canvas they are drawn on. */
@NullMarked
package io.rollcall.workspace;

import org.jspecify.annotations.NullMarked;
