package io.rollcall.events;

import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Whose pages may open a socket: those of the service itself and of the origins that may call the API. Browsers ask nobody
 * before they open one, so that CORS holds for it, the server has to see to.
 */
@ApplicationScoped
class SocketOrigins {

    private final List<String> named;

    SocketOrigins(
            @ConfigProperty(name = "quarkus.http.cors.enabled") boolean enabled,
            @ConfigProperty(name = "quarkus.http.cors.origins") Optional<List<String>> origins) {
        this.named =
                enabled ? origins.orElse(List.of()).stream().map(String::strip).toList() : List.of();
    }

    /**
     * @param origin null: no browser's
     * @param authority the host that was asked, with its port
     */
    boolean mayOpen(@Nullable String origin, String authority) {
        return origin == null
                || authority.equalsIgnoreCase(authority(origin))
                || named.stream().anyMatch(one -> is(one, origin));
    }

    private static boolean is(String named, String origin) {
        boolean expression = named.length() > 2 && named.startsWith("/") && named.endsWith("/");
        return expression ? origin.matches(named.substring(1, named.length() - 1)) : named.equalsIgnoreCase(origin);
    }

    private static String authority(String origin) {
        try {
            return String.valueOf(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException noUri) {
            return "";
        }
    }
}
