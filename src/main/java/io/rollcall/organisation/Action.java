package io.rollcall.organisation;

import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Locale;

/** What an import did, or in a dry run would do, with one node. */
@RegisterForReflection
enum Action {
    CREATED,
    SKIPPED,
    UPDATED,
    REMOVED,
    NOT_SPAWNED;

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
