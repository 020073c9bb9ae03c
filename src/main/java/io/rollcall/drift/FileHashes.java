package io.rollcall.drift;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.http.Document;
import io.rollcall.http.Texts;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The field {@code files}: paths, each with the SHA-256 of what is there. */
final class FileHashes {

    /** Of a workspace, and of an agent. */
    static final int MOST = 200;

    private static final String FIELD = "files";
    private static final int LONGEST_PATH = 500;
    private static final String HEX = "^[0-9a-fA-F]{64}$";
    private static final Pattern FORM = Pattern.compile(HEX);

    /** For the API's document. */
    @Schema(
            name = "FilePath",
            type = SchemaType.STRING,
            minLength = 1,
            maxLength = LONGEST_PATH,
            pattern = Texts.NAME,
            description = "As the agent names it; the service reads no file")
    interface Path {}

    /** For the API's document. */
    @Schema(
            name = "Sha256",
            type = SchemaType.STRING,
            minLength = 64,
            maxLength = 64,
            pattern = HEX,
            description = "In hex digits; answered in lower case")
    interface Sha256 {}

    private FileHashes() {}

    /**
     * By path, which is the order in which rows are locked; hashes in lower case. What is wrong, the document knows
     * afterwards.
     */
    static SortedMap<String, String> read(Document document, int least) {
        Document files = document.object(FIELD);
        if (files == null) {
            if (document.value(FIELD) == null) {
                document.fault(FIELD, "is required");
            }
            return Collections.emptySortedMap();
        }
        int size = files.json().size();
        if (size < least || size > MOST) {
            document.fault(FIELD, "must have " + least + " to " + MOST + " entries, has " + size);
            return Collections.emptySortedMap();
        }
        var hashes = new TreeMap<String, String>();
        for (Map.Entry<String, JsonNode> file : files.json().properties()) {
            String path = file.getKey();
            String fault = Texts.nameFault(path, LONGEST_PATH);
            if (fault != null) {
                files.fault(path, "the path " + fault);
            } else if (!file.getValue().isTextual()
                    || !FORM.matcher(file.getValue().textValue()).matches()) {
                files.fault(path, "must be a SHA-256 in 64 hex digits");
            } else {
                hashes.put(path, file.getValue().textValue().toLowerCase(Locale.ROOT));
            }
        }
        return hashes;
    }
}
