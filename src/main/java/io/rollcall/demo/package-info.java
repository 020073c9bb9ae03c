/** What {@code ./rollcall demo} does: a client of the service's own API, which nothing depends on. */
@NullMarked
package io.rollcall.demo;

import org.jspecify.annotations.NullMarked;
