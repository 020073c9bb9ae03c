/** The ledger of delegations: who asked whom to do what, and the truth about where it stands. */
@NullMarked
package io.rollcall.delegation;

import org.jspecify.annotations.NullMarked;
