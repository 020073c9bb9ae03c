package io.rollcall.drift;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import io.rollcall.http.Texts;
import io.rollcall.workspace.AgentId;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What an agent says that it was started with. */
@RegisterForReflection
@Schema(
        name = "BootstrapPing",
        examples = "{\"agent_id\": \"main\","
                + " \"files\": {\"AGENTS.md\": \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}}")
record BootstrapPing(
        @Nullable @Schema(minLength = 1, maxLength = AgentId.LONGEST, pattern = Texts.NAME, defaultValue = AgentId.MAIN)
        String agentId,

        @Schema(
                type = SchemaType.OBJECT,
                propertyNames = FileHashes.Path.class,
                additionalProperties = FileHashes.Sha256.class,
                minProperties = 1,
                maxProperties = FileHashes.MOST,
                description = "What was reported before of other files stays; of an agent the " + FileHashes.MOST
                        + " files are kept that it reported last")
        SortedMap<String, String> files) {

    /** @throws io.rollcall.http.Problem naming every bad field */
    static BootstrapPing read(byte[] body) {
        Document document = Document.parse(body);
        document.allowOnly(Set.of("agent_id", "files"));
        String agentId = AgentId.read(document);
        SortedMap<String, String> files = FileHashes.read(document, 1);
        document.violations().orElseThrow();
        return new BootstrapPing(Objects.requireNonNull(agentId), files);
    }

    /** As it was said, or as it is usual. */
    String agent() {
        return Objects.requireNonNull(agentId);
    }
}
