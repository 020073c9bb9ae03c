package io.rollcall.http;

import io.quarkus.runtime.StartupEvent;
import io.rollcall.Misconfigured;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Refuses to start when the pages of every origin were allowed to call the API: the origins are named, one by one. */
@ApplicationScoped
class CrossOrigin {

    private final Optional<List<String>> origins;

    CrossOrigin(@ConfigProperty(name = "quarkus.http.cors.origins") Optional<List<String>> origins) {
        this.origins = origins;
    }

    void atStart(@Observes StartupEvent started) {
        if (origins.orElse(List.of()).stream().map(String::strip).anyMatch(List.of("*", "/.*/")::contains)) {
            throw new Misconfigured("quarkus.http.cors.origins allows every origin; name those whose pages may call the"
                    + " API, as in https://console.example.org");
        }
    }
}
