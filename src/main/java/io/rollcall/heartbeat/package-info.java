/** Who is alive: beats of agents, the sweep that finds the silent, pauses and incidents. */
@NullMarked
package io.rollcall.heartbeat;

import org.jspecify.annotations.NullMarked;
