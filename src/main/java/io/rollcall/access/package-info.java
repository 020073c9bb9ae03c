/** Who calls, what they may do, the one way to open a transaction, and the audit trail. */
@NullMarked
package io.rollcall.access;

import org.jspecify.annotations.NullMarked;
