package io.rollcall.access;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.Limits;
import io.rollcall.http.Texts;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is asked for when a token is minted; the two request bodies differ in what they may say. */
record NewToken(
        @Nullable UUID orgId,
        @Nullable String name,
        @Nullable TokenScope scope,
        @Nullable OffsetDateTime expiresAt,
        @Nullable UUID replaces,
        Duration overlap) {

    private static final int LONGEST_OVERLAP = 604_800;
    private static final int USUAL_OVERLAP = 86_400;
    private static final String REPLACES =
            "A live token that this one takes over from: it ends after `overlap_seconds`. Its name and scope are the defaults";
    private static final String OVERLAP = "How long the replaced token still works; absent: " + USUAL_OVERLAP;
    private static final String EXPIRES =
            "From when on it is refused; absent: never, or when the token that asks for it expires. Not later than that";

    private static final List<String> FIELDS = List.of("name", "expires_at", "replaces", "overlap_seconds");

    /** The body of {@code POST /org/tokens}. */
    @RegisterForReflection
    @Schema(name = "NewOrganisationToken", examples = "{\"name\": \"canvas\", \"scope\": \"read\"}")
    record OfOrganisation(
            @Nullable @Schema(description = "The organisation, named by the platform's admin; others have no choice")
            UUID orgId,

            @Nullable @Schema(
                    minLength = 1,
                    maxLength = Limits.NAME,
                    pattern = Texts.NAME,
                    description = "Required unless `replaces` is there")
            String name,

            @Nullable @Schema(
                    enumeration = {"admin", "write", "read"},
                    description =
                            "`read` looks, `write` also imports and changes, `admin` also hands out tokens and reads"
                                    + " the audit trail. Required unless `replaces` is there")
            String scope,

            @Nullable @Schema(description = EXPIRES) OffsetDateTime expiresAt,
            @Nullable @Schema(description = REPLACES) UUID replaces,

            @Nullable @Schema(minimum = "0", maximum = "" + LONGEST_OVERLAP, description = OVERLAP)
            Integer overlapSeconds) {}

    /** The body of {@code POST /workspaces/{id}/tokens}. */
    @RegisterForReflection
    @Schema(name = "NewWorkspaceToken", examples = "{\"name\": \"agent on host 7\"}")
    record OfWorkspace(
            @Nullable @Schema(
                    minLength = 1,
                    maxLength = Limits.NAME,
                    pattern = Texts.NAME,
                    description = "Required unless `replaces` is there")
            String name,

            @Nullable @Schema(description = EXPIRES) OffsetDateTime expiresAt,
            @Nullable @Schema(description = REPLACES) UUID replaces,

            @Nullable @Schema(minimum = "0", maximum = "" + LONGEST_OVERLAP, description = OVERLAP)
            Integer overlapSeconds) {}

    /** Of the scopes, those that an organisation's token can have. */
    private enum Words {
        ADMIN,
        WRITE,
        READ
    }

    /** @throws io.rollcall.http.Problem naming every bad field */
    static NewToken ofOrganisation(byte[] body, Limits limits) {
        Document document = Document.parse(body);
        var fields = new ArrayList<>(FIELDS);
        fields.addAll(List.of("org_id", "scope"));
        document.allowOnly(Set.copyOf(fields));
        UUID orgId = document.uuid("org_id");
        Words word = document.oneOf("scope", Words.class);
        if (document.value("scope") == null && document.value("replaces") == null) {
            document.fault("scope", "is required when replaces is absent");
        }
        return read(document, limits, orgId, word == null ? null : TokenScope.valueOf(word.name()));
    }

    /** @throws io.rollcall.http.Problem naming every bad field */
    static NewToken ofWorkspace(byte[] body, Limits limits) {
        Document document = Document.parse(body);
        document.allowOnly(Set.copyOf(FIELDS));
        return read(document, limits, null, TokenScope.WORKSPACE);
    }

    private static NewToken read(Document document, Limits limits, @Nullable UUID orgId, @Nullable TokenScope scope) {
        UUID replaces = document.uuid("replaces");
        String name = document.value("name") == null ? null : document.name("name", limits.name());
        if (document.value("name") == null && document.value("replaces") == null) {
            document.fault("name", "is required when replaces is absent");
        }
        OffsetDateTime expiresAt = document.time("expires_at");
        Integer overlap = document.integer("overlap_seconds", 0, LONGEST_OVERLAP);
        if (overlap != null && document.value("replaces") == null) {
            document.fault("overlap_seconds", "says nothing without replaces");
        }
        document.violations().orElseThrow();
        return new NewToken(
                orgId,
                name,
                scope,
                expiresAt,
                replaces,
                Duration.ofSeconds(Objects.requireNonNullElse(overlap, USUAL_OVERLAP)));
    }
}
