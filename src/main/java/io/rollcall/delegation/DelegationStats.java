package io.rollcall.delegation;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How many delegations there are of each status: all six, also those of which there is none. */
@RegisterForReflection
@Schema(name = "DelegationStats", description = "How many delegations there are of each status")
record DelegationStats(long queued, long dispatched, long inProgress, long completed, long failed, long stuck) {}
