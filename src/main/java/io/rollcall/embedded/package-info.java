/** The embedded PostgreSQL: a real, durable server for machines that have none. */
@NullMarked
package io.rollcall.embedded;

import org.jspecify.annotations.NullMarked;
