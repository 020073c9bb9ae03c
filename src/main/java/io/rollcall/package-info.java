/** The entry point and where the database comes from; every feature has a package of its own below. */
@NullMarked
package io.rollcall;

import org.jspecify.annotations.NullMarked;
