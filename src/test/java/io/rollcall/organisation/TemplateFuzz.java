package io.rollcall.organisation;

import static io.rollcall.Fuzzed.parsed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.http.Document;
import io.rollcall.http.Limits;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The body of an import, through everything that it meets before the database. */
class TemplateFuzz {

    private static final ImportRequestReader.Query NO_QUERY =
            new ImportRequestReader.Query(null, null, null, null, null);

    /** YAML breaks lines at these too, and folds them, where JSON's texts keep them. */
    private static final Pattern LINE_BREAKS_OF_YAML = Pattern.compile("[\u0085\u2028\u2029]");

    private static final ImportRequestReader READER = reader();

    private static ImportRequestReader reader() {
        var config = new SmallRyeConfigBuilder()
                .withMapping(Limits.class)
                .withMapping(ImportSettings.class)
                .build();
        ImportSettings settings = config.getConfigMapping(ImportSettings.class);
        var templates = new TemplateReader(config.getConfigMapping(Limits.class), settings);
        return new ImportRequestReader(templates, new TemplateLibrary(settings, templates));
    }

    /** What is shipped; the nasty ones lie in {@code TemplateFuzzInputs}. */
    static Stream<byte[]> seeds() {
        return TemplateLibrary.SHIPPED.stream().map(name -> {
            try (InputStream in = TemplateFuzz.class.getResourceAsStream("/templates/" + name + "/org.yaml")) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @MethodSource("seeds")
    @FuzzTest
    void aBodyIsReadOrRefused(byte[] body) {
        JsonNode json = checked(body, false);
        JsonNode yaml = checked(body, true);
        if (json != null && yaml != null) {
            assertTrue(
                    LINE_BREAKS_OF_YAML.matcher(new String(body, UTF_8)).find() || same(json, yaml),
                    json + " is " + yaml);
        }
    }

    /** The document, which if it is a good import is so in either format, and the same. */
    private static JsonNode checked(byte[] body, boolean isYaml) {
        JsonNode document = parsed(() -> isYaml ? Yaml.parse(body) : Document.parseJson(body));
        ImportRequest request = parsed(() -> READER.read(body, isYaml, NO_QUERY));
        if (request != null) {
            assertNotNull(document);
            assertSame(request, READER.read(Yaml.write(document).getBytes(UTF_8), true, NO_QUERY));
            if (document.has("template") || document.has("dir")) {
                assertSame(request, READER.read(document.toString().getBytes(UTF_8), false, NO_QUERY));
            }
        }
        return document;
    }

    private static void assertSame(ImportRequest request, ImportRequest again) {
        assertEquals(request.mode(), again.mode());
        assertEquals(request.parentId(), again.parentId());
        assertEquals(request.template().toString(), again.template().toString());
    }

    /** A number that one format keeps as a text, since the other can have no such number, is the same number. */
    private static boolean same(JsonNode json, JsonNode yaml) {
        if (json.isNumber()) {
            return (yaml.isNumber() || yaml.isTextual())
                    && json.decimalValue().compareTo(new BigDecimal(yaml.asText())) == 0;
        }
        if (json.isObject() && yaml.isObject()) {
            return json.size() == yaml.size()
                    && json.properties().stream()
                            .allMatch(field ->
                                    yaml.has(field.getKey()) && same(field.getValue(), yaml.get(field.getKey())));
        }
        if (json.isArray() && yaml.isArray()) {
            return Stream.iterate(0, i -> i + 1)
                            .limit(json.size())
                            .allMatch(i -> yaml.has(i) && same(json.get(i), yaml.get(i)))
                    && json.size() == yaml.size();
        }
        return json.equals(yaml);
    }
}
