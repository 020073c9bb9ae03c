/** What happens, told as it happens: the numbered events, and the streams and sockets that carry them. */
@NullMarked
package io.rollcall.events;

import org.jspecify.annotations.NullMarked;
