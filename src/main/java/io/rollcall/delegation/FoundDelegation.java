package io.rollcall.delegation;

/** A delegation with all that belongs to it, and the tag of its present state. */
record FoundDelegation(DelegationDetail detail, String etag) {}
