/** The settings of workspaces: JSON documents by key, changed whole or by merge patch. */
@NullMarked
package io.rollcall.settings;

import org.jspecify.annotations.NullMarked;
