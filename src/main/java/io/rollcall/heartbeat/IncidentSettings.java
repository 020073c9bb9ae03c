package io.rollcall.heartbeat;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Who is told of incidents. */
@ConfigMapping(prefix = "rollcall.incidents")
interface IncidentSettings {

    /** Where each incident is posted: https, or http on this machine. Unset: nowhere. */
    Optional<String> webhookUrl();

    /** The hosts that the URL may name: so that no typing error sends incidents to a stranger. */
    Optional<List<String>> webhookHosts();

    /** The key by which posts are signed. Unset: they are not. */
    Optional<String> webhookSecret();
}
