package io.rollcall.organisation;

import io.rollcall.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Which variables a template can count on: those of the service's own environment, by name; values are never read. */
@ApplicationScoped
class Environment {

    /** @throws Problem 412 with {@code missing_env}; nothing has been written then */
    void require(Template template) {
        List<EnvRequirement> missing = template.allRequiredEnv().stream()
                .filter(requirement -> !requirement.isMet(System.getenv()::containsKey))
                .toList();
        if (!missing.isEmpty()) {
            throw Problem.of(
                            412,
                            "MISSING_ENV",
                            "the template needs variables that the service's environment does not have: "
                                    + String.join(
                                            ", ",
                                            missing.stream()
                                                    .map(requirement -> String.join(" or ", requirement.anyOf()))
                                                    .toList()))
                    .with(
                            "missing_env",
                            missing.stream().map(EnvRequirement::json).toList());
        }
    }
}
