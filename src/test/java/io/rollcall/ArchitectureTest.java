package io.rollcall;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house rules that the byte code can show. A new package needs its line in {@link #ALLOWED}. */
class ArchitectureTest {

    private static final String ROOT = "io.rollcall";

    /** Package to the packages of ours it may use. */
    private static final Map<String, List<String>> ALLOWED = Map.ofEntries(
            entry("", List.of("demo", "access", "maintenance")),
            entry("maintenance", List.of("", "schema", "backup", "adoption")),
            entry("adoption", List.of("", "backup", "schema")),
            entry("backup", List.of()),
            entry("demo", List.of()),
            entry("http", List.of("")),
            entry("schema", List.of("")),
            entry("access", List.of("", "http", "schema")),
            entry("workspace", List.of("http", "access", "schema")),
            entry("organisation", List.of("http", "access", "schema", "workspace")),
            entry("hearing", List.of("http", "access", "schema")),
            entry("delegation", List.of("http", "access", "schema", "hearing", "workspace")),
            entry("activity", List.of("http", "access", "schema", "workspace")),
            entry("heartbeat", List.of("", "http", "access", "schema", "hearing", "delegation", "workspace")),
            entry("drift", List.of("http", "access", "schema", "workspace")),
            entry("settings", List.of("", "http", "access", "workspace")),
            entry("events", List.of("", "http", "access", "schema")),
            entry("metrics", List.of("http", "access", "workspace")),
            entry("embedded", List.of("")));

    private static final JavaClasses OURS = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void everyPackageUsesOnlyThoseItMay() {
        for (JavaClass type : OURS) {
            String from = room(type);
            List<String> allowed = ALLOWED.get(from);
            if (allowed == null) {
                throw new AssertionError("say in this test what the package of " + type.getName() + " may use");
            }
            List<String> used = type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith(ROOT))
                    .map(ArchitectureTest::room)
                    .filter(room -> !room.equals(from) && !allowed.contains(room))
                    .distinct()
                    .toList();
            assertEquals(List.of(), used, type.getName() + " may use " + allowed);
        }
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(OURS);
    }

    @Test
    void jdbcIsForFlywayTheSchemaCommandsAndTheEmbeddedServerAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT + ".embedded..", ROOT + ".maintenance..", ROOT + ".backup..", ROOT + ".adoption..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".schema.Migrator")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "io.agroal.."))
                .check(OURS);
    }

    @Test
    void nobodyTakesAConnectionThatOnlyADisciplinedCallerGivesBack() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        ROOT + ".embedded..", ROOT + ".maintenance..", ROOT + ".backup..", ROOT + ".adoption..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".schema.Migrator")
                .should()
                .callMethodWhere(named("getConnection", "getConnectionAndAwait", "getConnectionAndForget"))
                .check(OURS);
    }

    @Test
    void nobodySleeps() {
        noClasses().should().callMethod(Thread.class, "sleep", long.class).check(OURS);
    }

    @Test
    void nobodyWaitsOnAnEventLoop() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".access.AdminToken")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".schema.RowSecurity")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".access.AuditVerify")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".schema.Migration")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".schema.Instances")
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "Uni.await() or a blocking twin",
                        call -> (call.getTarget().getOwner().getName().equals("io.smallrye.mutiny.Uni")
                                        && call.getName().equals("await"))
                                || call.getName().endsWith("AndAwait")))
                .check(OURS);
    }

    /** Each is a way past the second wall: what it is for is said in docs/adr/0008. */
    @Test
    void onlyTheListedWorkAcrossOrganisations() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".schema.Tenant")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".schema.ImportIndex")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".access.Caller")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".access.Transactions")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".access.AuditVerify")
                .should()
                .accessField(ROOT + ".schema.Tenant", "PLATFORM")
                .check(OURS);
        assertEquals(
                Set.of(
                        "Arrivals",
                        "AuditSeal",
                        "BeatBuffer",
                        "DelegationRetention",
                        "EventFeed",
                        "EventRetention",
                        "HeartbeatRetention",
                        "KnownTokens",
                        "LivenessSweeper",
                        "Notices",
                        "Round",
                        "Sequencer",
                        "Sweeper",
                        "TokenLookUps",
                        "TokenUse"),
                OURS.get(ROOT + ".access.Transactions").getMethodCallsToSelf().stream()
                        .filter(call -> call.getName().endsWith("ForPlatform")
                                || call.getName().equals("runForAllPlannedOnce"))
                        .map(call -> call.getOriginOwner().getSimpleName())
                        .collect(Collectors.toSet()));
    }

    @Test
    void resourcesHaveNoSql() {
        fields().that()
                .areDeclaredInClassesThat()
                .haveSimpleNameEndingWith("Resource")
                .and()
                .areStatic()
                .should(holdNoStatement())
                .check(OURS);
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Resource")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("io\\.vertx\\.mutiny\\.sqlclient\\.(Pool|Tuple|Row|RowSet|PreparedQuery|Query)")
                .check(OURS);
    }

    @Test
    void aTypeIsPublicOnlyWhenAnotherPackageUsesIt() {
        classes().that().arePublic().should(beUsedElsewhere()).check(OURS);
    }

    @Test
    void noFileHasMoreThan400Lines() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<Path> long_ = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> lines(file) > 400)
                    .toList();
            assertEquals(List.of(), long_);
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String room(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1).split("\\.")[0];
    }

    private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaMethodCall> named(String... names) {
        return DescribedPredicate.describe(
                "one of " + List.of(names), call -> List.of(names).contains(call.getName()));
    }

    private static ArchCondition<JavaField> holdNoStatement() {
        return new ArchCondition<>("hold no SQL statement") {
            @Override
            public void check(JavaField field, ConditionEvents events) {
                String value = constant(field);
                if (value.matches("(?is)\\s*(select|insert|update|delete|with)\\s.*")) {
                    events.add(SimpleConditionEvent.violated(field, field.getFullName() + " holds SQL"));
                }
            }
        };
    }

    private static String constant(JavaField field) {
        if (!field.getRawType().isEquivalentTo(String.class)) {
            return "";
        }
        try {
            var reflected = field.reflect();
            reflected.setAccessible(true);
            return String.valueOf(reflected.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ArchCondition<JavaClass> beUsedElsewhere() {
        return new ArchCondition<>("be used by another package, or else be package-private") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean constants = type.getFields().stream().anyMatch(field -> field.getModifiers()
                        .containsAll(List.of(JavaModifier.PUBLIC, JavaModifier.STATIC, JavaModifier.FINAL)));
                boolean nestedInPublic = type.getEnclosingClass().isPresent();
                boolean used = type.getDirectDependenciesToSelf().stream()
                        .anyMatch(dependency ->
                                !dependency.getOriginClass().getPackageName().equals(type.getPackageName()));
                // Found by name: the entry point, service providers, and what Quarkus instantiates at build time.
                boolean byName = type.isAnnotatedWith("io.quarkus.runtime.annotations.QuarkusMain")
                        || type.getInterfaces().stream().anyMatch(i -> List.of(
                                        "io.smallrye.config.ConfigSourceFactory",
                                        "org.eclipse.microprofile.config.spi.ConfigSource",
                                        ROOT + ".LocalDatabase",
                                        "org.eclipse.microprofile.openapi.OASFilter")
                                .contains(i.getName()))
                        || type.isAssignableTo("io.netty.bootstrap.ChannelInitializerExtension");
                if (!used
                        && !constants
                        && !byName
                        && !nestedInPublic
                        && !type.getModifiers().contains(JavaModifier.SYNTHETIC)) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is used by no other package"));
                }
            }
        };
    }
}
