/** What every resource shares: problem details, bounded bodies, idempotency keys, paging. Nothing of any feature. */
@NullMarked
package io.rollcall.http;

import org.jspecify.annotations.NullMarked;
