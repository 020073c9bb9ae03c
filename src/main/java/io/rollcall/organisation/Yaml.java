package io.rollcall.organisation;

import com.fasterxml.jackson.databind.JsonNode;
import io.rollcall.http.Problem;
import java.io.ByteArrayInputStream;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.reader.UnicodeReader;
import org.yaml.snakeyaml.representer.Representer;

/**
 * YAML in and out as the same documents that JSON gives: plain scalars mean what {@link CoreSchema} says, a key that stands
 * twice is refused, aliases and nesting are bounded ({@link YamlReader}).
 */
final class Yaml {

    private static final int LONGEST_WORD = 128 * 1024;

    private Yaml() {}

    /** @throws Problem 400, with line and column where they are known */
    static JsonNode parse(byte[] body) {
        refuseEndlessWords(body);
        try {
            var text = new UnicodeReader(new ByteArrayInputStream(body));
            return new YamlReader(new org.yaml.snakeyaml.Yaml(options()).parse(text)).document();
        } catch (MarkedYAMLException e) {
            String where = e.getProblemMark() == null
                    ? ""
                    : " (line " + (e.getProblemMark().getLine() + 1) + ", column "
                            + (e.getProblemMark().getColumn() + 1) + ")";
            throw invalid(firstLine(e.getProblem()) + where);
        } catch (YAMLException e) {
            throw invalid(
                    e.getCause() instanceof CharacterCodingException ? "it is not UTF-8" : firstLine(e.getMessage()));
        }
    }

    static String write(JsonNode document) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(120);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setDereferenceAliases(true);
        // Else a text with a control character would become a tag that is refused when it comes back.
        options.setNonPrintableStyle(DumperOptions.NonPrintableStyle.ESCAPE);
        return new org.yaml.snakeyaml.Yaml(
                        new SafeConstructor(options()), new Representer(options), options, options(), new CoreSchema())
                .dump(plain(document));
    }

    /** SnakeYAML 2.5 copies what it has of a word for every further 1,000 characters: 9 MiB take it 28 s. */
    private static void refuseEndlessWords(byte[] body) {
        int begin = 0;
        for (int i = 0; i < body.length; i++) {
            if (body[i] == ' ' || body[i] == '\n' || body[i] == '\r' || body[i] == '\t') {
                begin = i + 1;
            } else if (i - begin >= LONGEST_WORD) {
                throw invalid("more than " + LONGEST_WORD + " bytes without a blank; break the line or send JSON");
            }
        }
    }

    private static LoaderOptions options() {
        var options = new LoaderOptions();
        // The body's own limit comes first; characters are never more than bytes.
        options.setCodePointLimit(Integer.MAX_VALUE);
        return options;
    }

    private static Problem invalid(String reason) {
        return Problem.malformed("the body is not valid YAML: " + reason, List.of());
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "" : message.lines().findFirst().orElse("").strip();
    }

    private static @Nullable Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            node.properties().forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
            return map;
        }
        if (node.isArray()) {
            var list = new ArrayList<>(node.size());
            node.forEach(entry -> list.add(plain(entry)));
            return list;
        }
        if (node.isNull()) {
            return null;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNumber() ? node.numberValue() : node.textValue();
    }
}
