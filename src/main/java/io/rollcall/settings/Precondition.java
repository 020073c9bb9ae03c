package io.rollcall.settings;

import io.rollcall.http.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a document must be for a change to be made.
 *
 * @param ifMatch null: whatever it is
 * @param absent whether there must be none yet
 */
record Precondition(@Nullable String ifMatch, boolean absent) {

    private static final String ANY = "*";

    /**
     * Of headers in all their lines, which count as one list (RFC 9110, 5.3).
     *
     * @throws Problem 400 for an {@code If-None-Match} that names tags
     */
    static Precondition of(List<String> ifMatch, List<String> ifNoneMatch) {
        if (!ifNoneMatch.stream().allMatch(line -> line.strip().equals(ANY))) {
            throw Problem.malformed("If-None-Match", "must be *");
        }
        return new Precondition(ifMatch.isEmpty() ? null : String.join(", ", ifMatch), !ifNoneMatch.isEmpty());
    }

    /** A document that has a tag and is not there. */
    boolean isImpossible() {
        return absent && ifMatch != null;
    }

    boolean isOfTag() {
        return ifMatch != null;
    }

    /** @param etag null when there is no document */
    boolean isMetBy(@Nullable String etag) {
        if (absent && etag != null) {
            return false;
        }
        return ifMatch == null
                || (etag != null
                        && (ifMatch.strip().equals(ANY)
                                || List.of(ifMatch.strip().split("\\s*,\\s*")).contains(etag)));
    }

    /** @param etag null when there is no document */
    static Problem stale(@Nullable String etag) {
        return etag == null
                ? Problem.of(412, "STALE", "there is no document under this key")
                : Problem.of(412, "STALE", "the document has changed since, or is there already; read it again")
                        .header("ETag", etag);
    }
}
