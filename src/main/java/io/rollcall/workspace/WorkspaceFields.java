package io.rollcall.workspace;

import io.rollcall.http.Document;
import io.rollcall.http.Limits;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The fields of a workspace that templates and requests write alike, read by the same rules. */
public record WorkspaceFields(Limits limits) {

    public static final int HIGHEST_TIER = 1000;
    public static final int MOST_TASKS = 100_000;

    /** How an accepted URL begins, for the API's document. */
    public static final String URL = "^https?://[^/?#]+";

    public @Nullable Integer tier(Document document) {
        return document.integer("tier", 0, HIGHEST_TIER);
    }

    public @Nullable Integer maxConcurrentTasks(Document document) {
        return document.integer("max_concurrent_tasks", 1, MOST_TASKS);
    }

    /** An absolute http or https URL. It is stored and shown, never called from here. */
    public @Nullable String url(Document document) {
        String url = document.text("url", limits.text());
        if (url == null) {
            return null;
        }
        try {
            URI uri = URI.create(url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the violation.
        }
        document.fault("url", "must be an absolute http or https URL");
        return null;
    }
}
