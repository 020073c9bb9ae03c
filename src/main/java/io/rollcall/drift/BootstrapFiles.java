package io.rollcall.drift;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rollcall.http.Document;
import java.util.Set;
import java.util.SortedMap;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The files that the agents of a workspace should be started with. */
@RegisterForReflection
@Schema(
        name = "BootstrapFiles",
        examples = "{\"files\": {\"AGENTS.md\": \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}}")
record BootstrapFiles(
        @Schema(
                type = SchemaType.OBJECT,
                propertyNames = FileHashes.Path.class,
                additionalProperties = FileHashes.Sha256.class,
                maxProperties = FileHashes.MOST)
        SortedMap<String, String> files) {

    /** @throws io.rollcall.http.Problem naming every bad field */
    static BootstrapFiles read(byte[] body) {
        Document document = Document.parse(body);
        document.allowOnly(Set.of("files"));
        SortedMap<String, String> files = FileHashes.read(document, 0);
        document.violations().orElseThrow();
        return new BootstrapFiles(files);
    }
}
