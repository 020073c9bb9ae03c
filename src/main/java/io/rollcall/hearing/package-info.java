/** Whether silence means anything: not after this replica or its database was away, not when too many are quiet at once. */
@NullMarked
package io.rollcall.hearing;

import org.jspecify.annotations.NullMarked;
