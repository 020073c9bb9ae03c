package io.rollcall.heartbeat;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** What the webhook is sent. */
@RegisterForReflection
record IncidentNotice(String type, Incident incident) {

    static IncidentNotice raised(Incident incident) {
        return new IncidentNotice("INCIDENT_RAISED", incident);
    }
}
