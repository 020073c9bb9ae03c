package io.rollcall.organisation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rollcall.http.Document;
import io.rollcall.http.Problem;
import io.rollcall.http.Violations;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The templates that an import can name: those shipped with the service, and those under
 * {@code ROLLCALL_TEMPLATES_DIR}, which win where both have a name. A name is one directory's; nothing outside the root is
 * ever opened, also not through a symbolic link. Its methods read files: for a worker thread.
 */
@ApplicationScoped
class TemplateLibrary {

    /** A class path cannot be listed, least of all in a native image; a test compares this with the resources. */
    static final List<String> SHIPPED = List.of("product-team", "research-lab", "software-company");

    private static final Logger LOG = Logger.getLogger(TemplateLibrary.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final List<String> FILES = List.of("org.yaml", "org.yml");
    private static final long LARGEST = 10 * 1024 * 1024;

    private final @Nullable Path root;
    private final TemplateReader reader;

    TemplateLibrary(ImportSettings settings, TemplateReader reader) {
        this.root = settings.templatesDir()
                .filter(dir -> !dir.isBlank())
                .map(Path::of)
                .orElse(null);
        this.reader = reader;
    }

    /**
     * The template's document; null when there is none of this name.
     *
     * @throws Problem when its file is no YAML object
     */
    @Nullable ObjectNode load(String dir) {
        byte[] file = NAME.matcher(dir).matches() ? bytes(dir) : null;
        return file == null
                ? null
                : Document.of(Yaml.parse(file), new Violations()).json();
    }

    /** All of them by name; a broken one with what is wrong with it. */
    List<TemplateSummary> list() {
        var names = new TreeSet<>(SHIPPED);
        names.addAll(mounted());
        var summaries = new ArrayList<TemplateSummary>();
        for (String name : names) {
            TemplateSummary summary = summary(name);
            if (summary != null) {
                summaries.add(summary);
            }
        }
        return summaries;
    }

    private @Nullable TemplateSummary summary(String dir) {
        try {
            ObjectNode json = load(dir);
            if (json == null) {
                return null;
            }
            Document document = Document.of(json, new Violations());
            Template template = reader.read(document);
            document.violations().orElseThrow();
            return template == null ? null : TemplateSummary.of(dir, template);
        } catch (Problem broken) {
            String reason = broken.violations().isEmpty() ? "yaml_invalid" : "template_invalid";
            return TemplateSummary.broken(dir, broken.detail(), reason);
        } catch (UncheckedIOException e) {
            LOG.warnf(e, "Template %s cannot be read", dir);
            return TemplateSummary.broken(dir, "the file cannot be read", "unreadable");
        }
    }

    private List<String> mounted() {
        if (root == null) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(root)) {
            return entries.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> NAME.matcher(name).matches())
                    .toList();
        } catch (IOException e) {
            LOG.warnf("ROLLCALL_TEMPLATES_DIR cannot be listed: %s", e.getMessage());
            return List.of();
        }
    }

    private byte @Nullable [] bytes(String dir) {
        try {
            byte[] mounted = root == null ? null : mountedFile(root, dir);
            return mounted != null ? mounted : shippedFile(dir);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte @Nullable [] mountedFile(Path root, String dir) throws IOException {
        for (String name : FILES) {
            Path file = root.resolve(dir).resolve(name);
            if (Files.isRegularFile(file)) {
                if (!file.toRealPath().startsWith(root.toRealPath())) {
                    LOG.warnf("Template %s leads outside the template root and is not read", dir);
                    return null;
                }
                if (Files.size(file) > LARGEST) {
                    throw Problem.malformed("the file is larger than " + LARGEST + " bytes", List.of());
                }
                return Files.readAllBytes(file);
            }
        }
        return null;
    }

    private static byte @Nullable [] shippedFile(String dir) throws IOException {
        if (!SHIPPED.contains(dir)) {
            return null;
        }
        try (InputStream in =
                Thread.currentThread().getContextClassLoader().getResourceAsStream("templates/" + dir + "/org.yaml")) {
            return in == null ? null : in.readAllBytes();
        }
    }
}
