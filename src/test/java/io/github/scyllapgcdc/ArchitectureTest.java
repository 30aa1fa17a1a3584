package io.github.scyllapgcdc;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The layering: the core is pure, each half of the pipeline knows only its own side, nothing needs the embedded stack. */
@AnalyzeClasses(packages = "io.github.scyllapgcdc", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String BASE = "io.github.scyllapgcdc.";
    private static final String CAMEL = "org.apache.camel..";
    private static final String KAFKA = "org.apache.kafka..";
    private static final String DRIVER = "com.datastax..";
    private static final String SCYLLA_LIBRARY = "com.scylladb..";
    private static final String[] JDBC = {"java.sql..", "javax.sql..", "org.postgresql..", "org.springframework.jdbc.."
    };

    @ArchTest
    static final ArchRule configImportsNothing = noClasses()
            .that()
            .resideInAPackage(BASE + "config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    CAMEL,
                    KAFKA,
                    DRIVER,
                    SCYLLA_LIBRARY,
                    "java.sql..",
                    BASE + "source..",
                    BASE + "sink..",
                    BASE + "ops..");

    @ArchTest
    static final ArchRule statusImportsNothing = noClasses()
            .that()
            .resideInAPackage(BASE + "status..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("java..", BASE + "status..");

    @ArchTest
    static final ArchRule eventsKnowNoTransport = noClasses()
            .that()
            .resideInAPackage(BASE + "event..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    CAMEL,
                    KAFKA,
                    DRIVER,
                    SCYLLA_LIBRARY,
                    "java.sql..",
                    "javax.sql..",
                    BASE + "source..",
                    BASE + "sink..");

    @ArchTest
    static final ArchRule httpKnowsNoFeature = noClasses()
            .that()
            .resideInAPackage(BASE + "http..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("io.github.scyllapgcdc..").and(resideOutsideOfPackage(BASE + "http..")));

    @ArchTest
    static final ArchRule whatFacesReconciliationKnowsTheEnginesInterfaceAlone = noClasses()
            .that()
            .resideInAPackage(BASE + "reconcile.route..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DRIVER, SCYLLA_LIBRARY, BASE + "source..", BASE + "sink..", BASE + "cli..")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(JDBC);

    @ArchTest
    static final ArchRule schemaAndRegistryKnowNoCamel = noClasses()
            .that()
            .resideInAnyPackage(BASE + "schema..", BASE + "registry..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CAMEL, KAFKA, BASE + "source..", BASE + "sink..", BASE + "ops..");

    @ArchTest
    static final ArchRule whatBothSidesShareInKafkaKnowsNeither = noClasses()
            .that()
            .resideInAnyPackage(BASE + "progress..", BASE + "refresh..", BASE + "topic..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CAMEL, DRIVER, SCYLLA_LIBRARY, BASE + "source..", BASE + "sink..", BASE + "ops..")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(JDBC);

    @ArchTest
    static final ArchRule theSourceKnowsNoPostgres = noClasses()
            .that()
            .resideInAPackage(BASE + "source..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JDBC)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(BASE + "sink..", BASE + "ops..", BASE + "cli..");

    @ArchTest
    static final ArchRule theSinkKnowsNoScylla = noClasses()
            .that()
            .resideInAnyPackage(BASE + "sink..", BASE + "deadletter..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DRIVER, SCYLLA_LIBRARY, BASE + "source..", BASE + "ops..", BASE + "cli..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule deadLettersKnowNeitherSide = noClasses()
            .that()
            .resideInAPackage(BASE + "deadletter..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BASE + "sink..", BASE + "source..")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(JDBC);

    @ArchTest
    static final ArchRule nobodyNeedsTheEmbeddedStack = noClasses()
            .that()
            .resideOutsideOfPackage(BASE + "dev..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(BASE + "dev..");

    @ArchTest
    static final ArchRule theEmbeddedStackReachesTheApplicationOnlyAsAProcess = noClasses()
            .that()
            .resideInAPackage(BASE + "dev..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BASE + "source..", BASE + "sink..", BASE + "ops..", BASE + "registry..");

    @ArchTest
    static final ArchRule nobodyNeedsTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackages(BASE + "cli..", BASE + "dev..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(BASE + "cli..");

    @ArchTest
    static final ArchRule noCycles = slices().matching(BASE + "(*)..").should().beFreeOfCycles();
}
