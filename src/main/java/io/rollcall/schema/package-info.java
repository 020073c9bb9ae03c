/** The schema's life: how Flyway is run, and whether what the service relies on is really there. */
@NullMarked
package io.rollcall.schema;

import org.jspecify.annotations.NullMarked;
