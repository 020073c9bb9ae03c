package io.rollcall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * In a native image Jackson writes an unregistered record as {@code {}}, and nothing fails until a client looks. So every
 * type of ours that reaches it is registered: what resources return, what has Jackson's annotations, what is given to a
 * problem as a member, and the components of all these.
 */
class ReflectionTest {

    private static final JavaClasses OURS = new ClassFileImporter().importPath(java.nio.file.Path.of("target/classes"));

    @Test
    void everyTypeThatJacksonWritesIsRegistered() {
        Set<String> written = written();

        List<String> missing = written.stream()
                .filter(name -> !OURS.get(name).isAnnotatedWith(RegisterForReflection.class))
                .toList();

        assertEquals(List.of(), missing, "add @RegisterForReflection");
    }

    @Test
    void theSearchFindsReturnedNestedAndProblemTypes() {
        Set<String> written = written();

        for (String known : List.of(
                "workspace.Workspace",
                "workspace.Removed",
                "workspace.Viewport",
                "organisation.ImportRunPage",
                "organisation.ImportRun",
                "organisation.ImportedWorkspace",
                "organisation.KeptWorkspace",
                "organisation.EnvRequirement",
                "access.AuditPage",
                "access.AuditEntry",
                "http.ProblemBody",
                "http.Violation")) {
            assertTrue(written.contains("io.rollcall." + known), known + " not in " + written);
        }
    }

    private static Set<String> written() {
        var found = new TreeSet<String>();
        for (JavaClass type : OURS) {
            boolean annotated = Stream.concat(
                            type.getAnnotations().stream(),
                            Stream.concat(
                                    type.getMethods().stream().flatMap(m -> m.getAnnotations().stream()),
                                    type.getFields().stream().flatMap(f -> f.getAnnotations().stream())))
                    .anyMatch(ReflectionTest::isJacksons);
            if (annotated || type.isAnnotatedWith(RegisterForReflection.class)) {
                add(type, found);
            }
            type.getMethods().stream()
                    .filter(method -> isEndpoint(type, method))
                    .flatMap(method -> method.getReturnType().getAllInvolvedRawTypes().stream())
                    .forEach(returned -> add(returned, found));
        }
        return found;
    }

    private static boolean isEndpoint(JavaClass type, JavaMethod method) {
        return type.isAnnotatedWith(Path.class)
                && method.getAnnotations().stream()
                        .anyMatch(a -> a.getRawType().getPackageName().equals("jakarta.ws.rs"));
    }

    private static boolean isJacksons(JavaAnnotation<?> annotation) {
        return annotation.getRawType().getPackageName().startsWith("com.fasterxml.jackson.annotation");
    }

    /** The type, and, through a record's components, whatever of ours it holds. */
    private static void add(JavaClass type, Set<String> found) {
        boolean ours = type.getPackageName().startsWith("io.rollcall");
        // Documentation of shapes that our own reader takes apart, not Jackson.
        boolean shapeOnly = type.getSimpleName().equals("TemplateSchema");
        if (!ours || shapeOnly || type.isInterface() || !found.add(type.getName())) {
            return;
        }
        boolean ignoredByJackson = type.isEnum();
        if (!ignoredByJackson) {
            type.getFields().stream()
                    .filter(field ->
                            !field.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.STATIC))
                    .flatMap(field -> field.getType().getAllInvolvedRawTypes().stream())
                    .forEach(component -> add(component, found));
        }
    }
}
