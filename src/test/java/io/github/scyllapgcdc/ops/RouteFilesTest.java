package io.github.scyllapgcdc.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.config.RoutesConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.service.ServiceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFilesTest {
    @TempDir
    private Path folder;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Shaky shaky = new Shaky();
    private final Set<String> paused = ConcurrentHashMap.newKeySet();
    private RouteFiles files;

    @BeforeEach
    void startContext() {
        context.addComponent("shaky", shaky);
        context.start();
    }

    @AfterEach
    void stopContext() throws IOException {
        if (files != null) {
            files.close();
        }
        context.stop();
    }

    @Test
    void aFilesRoutesStartWithTheApplicationAndANewFilesRoutesLater() throws Exception {
        // Given
        write("a.camel.yaml", route("one", "direct:one", "first"));
        // When
        follow(route -> true);
        // Then
        awaitStarted("one");
        // When
        write("b.camel.yaml", route("two", "direct:two", "second"));
        // Then
        awaitStarted("two");
        assertThat(answer("direct:one")).isEqualTo("first");
        assertThat(files.files()).isEqualTo(Map.of("one", "a.camel.yaml", "two", "b.camel.yaml"));
    }

    @Test
    void aComponentThatNothingElseNamedIsStarted() throws Exception {
        write("a.camel.yaml", route("one", "direct:one", "first"));
        follow(route -> true);
        awaitStarted("one");
        assertThat(ServiceHelper.isStarted(context.hasComponent("direct"))).isTrue();
    }

    @Test
    void anEditedFileReplacesItsRoutes() throws Exception {
        write("a.camel.yaml", route("one", "direct:one", "first"));
        follow(route -> true);
        awaitStarted("one");
        // When
        write("a.camel.yaml", route("one", "direct:one", "edited"));
        // Then
        await().ignoreExceptions().until(() -> answer("direct:one"), "edited"::equals);
        assertThat(context.getRoutes()).hasSize(1);
    }

    @Test
    void theOtherRoutesOfAnEditedFileRunOn() throws Exception {
        // Given
        write(
                "a.camel.yaml",
                "# of ours: \uD83D\uDE00\n" + route("one", "direct:one", "first")
                        + route("two", "direct:two", "second"));
        follow(route -> true);
        awaitStarted("one");
        awaitStarted("two");
        Route one = context.getRoute("one");
        // When another route is edited, and the comments
        write(
                "a.camel.yaml",
                "# edited\n" + route("one", "direct:one", "first") + "# too\n\n"
                        + route("two", "direct:two", "edited"));
        // Then
        await().ignoreExceptions().until(() -> answer("direct:two"), "edited"::equals);
        assertThat(context.getRoute("one")).isSameAs(one);
        // When one is added in front, and another taken away
        write("a.camel.yaml", route("zero", "direct:zero", "new") + route("one", "direct:one", "first"));
        // Then
        awaitStarted("zero");
        await().until(() -> context.getRoute("two") == null);
        assertThat(context.getRoute("one")).isSameAs(one);
        assertThat(answer("direct:one")).isEqualTo("first");
        // When the file is deleted
        Files.delete(folder.resolve("a.camel.yaml"));
        // Then
        await().until(() -> context.getRoutes().isEmpty());
    }

    @Test
    void partsThatRoutesShareByAnchorsAreRefused() throws Exception {
        write("a.camel.yaml", """
                - route:
                    id: one
                    from: &from
                      uri: direct:one
                      steps:
                        - log: x
                - route:
                    id: two
                    from: *from
                """);
        follow(route -> true);
        awaitError("a.camel.yaml", "route 'two' refers to an anchor");
    }

    @Test
    void aDeletedFilesRoutesEnd() throws Exception {
        write("a.camel.yaml", route("one", "direct:one", "first"));
        follow(route -> true);
        awaitStarted("one");
        // When
        Files.delete(folder.resolve("a.camel.yaml"));
        // Then
        await().until(() -> context.getRoutes().isEmpty());
        assertThat(context.getRouteDefinitions()).isEmpty();
    }

    @Test
    void aBrokenFileLeavesTheRunningRouteAndSaysWhere() throws Exception {
        write("a.camel.yaml", route("one", "direct:one", "first"));
        follow(route -> true);
        awaitStarted("one");
        // When
        write("a.camel.yaml", route("one", "direct:one", "edited") + "  bad: [\n");
        // Then
        awaitError("a.camel.yaml", "a.camel.yaml:10: is no valid YAML");
        assertThat(answer("direct:one")).isEqualTo("first");
    }

    @Test
    void anUnknownComponentIsRefusedBeforeTheOldRouteStops() throws Exception {
        write("a.camel.yaml", route("one", "direct:one", "first"));
        follow(route -> true);
        awaitStarted("one");
        // When
        write("a.camel.yaml", route("one", "nosuch:thing", "edited"));
        // Then
        awaitError("a.camel.yaml", "a.camel.yaml:5: unknown component 'nosuch' in nosuch:thing");
        assertThat(answer("direct:one")).isEqualTo("first");
    }

    @Test
    void anUnknownEndpointOptionIsRefusedBeforeTheOldRouteStops() throws Exception {
        write("a.camel.yaml", route("one", "direct:one", "first"));
        follow(route -> true);
        awaitStarted("one");
        // When
        write("a.camel.yaml", route("one", "direct:one?nosuch=1", "edited"));
        // Then
        awaitError("a.camel.yaml", "a.camel.yaml:5: ", "nosuch=1");
        assertThat(answer("direct:one")).isEqualTo("first");
    }

    @Test
    void anUnknownStepIsRefusedWithItsLine() throws Exception {
        write("a.camel.yaml", route("one", "direct:one", "first"));
        follow(route -> true);
        awaitStarted("one");
        // When
        write("a.camel.yaml", route("one", "direct:one", "first").replace("setBody", "setTheBody"));
        // Then
        awaitError("a.camel.yaml", "a.camel.yaml:7: ", "setTheBody");
        assertThat(answer("direct:one")).isEqualTo("first");
    }

    @Test
    void aRouteThatCannotBeBuiltPutsTheOldOneBack() throws Exception {
        write("a.camel.yaml", route("one", "direct:one", "first"));
        follow(route -> true);
        awaitStarted("one");
        // When: the model is right, but the bean is only looked for when the route is built
        write("a.camel.yaml", route("one", "direct:one", "edited") + "        - bean:\n            ref: nosuchbean\n");
        // Then
        awaitError("a.camel.yaml", "a.camel.yaml: ", "nosuchbean");
        await().ignoreExceptions().until(() -> answer("direct:one"), "first"::equals);
    }

    @Test
    void aRouteIdOfAnotherFileIsRefused() throws Exception {
        write("a.camel.yaml", route("one", "direct:one", "first"));
        follow(route -> true);
        awaitStarted("one");
        // When
        write("b.camel.yaml", route("one", "direct:other", "second"));
        // Then
        awaitError("b.camel.yaml", "b.camel.yaml: route id 'one' is used by another file");
        assertThat(answer("direct:one")).isEqualTo("first");
    }

    @Test
    void anErrorGoesWhenTheFileIsRight() throws Exception {
        write("a.camel.yaml", "nothing useful");
        follow(route -> true);
        awaitError("a.camel.yaml", "a.camel.yaml:1: expected a list of '- route:' entries");
        // When
        write("a.camel.yaml", route("one", "direct:one", "first"));
        // Then
        awaitStarted("one");
        assertThat(files.errors()).isEmpty();
    }

    @Test
    void aFailedStartIsTriedAgainAndShown() throws Exception {
        // Given
        shaky.failures.set(3);
        write("a.camel.yaml", route("one", "shaky:one", "first"));
        // When
        follow(route -> true);
        // Then
        await().until(() -> files.startFailure("one").orElse(""), failure -> failure.contains("no server yet"));
        awaitStarted("one");
        assertThat(files.startFailure("one")).isEmpty();
        assertThat(shaky.failures).hasNegativeValue();
    }

    @Test
    void aFileThatComesWhileAServerIsAwayIsTakenWhenItIsBack() throws Exception {
        // Given a file that runs
        write("a.camel.yaml", route("one", "direct:one", "first"));
        follow(route -> true);
        awaitStarted("one");
        // When it is edited and another one comes, and neither can connect
        shaky.away.set(true);
        write("a.camel.yaml", route("one", "direct:one", "edited") + sending("shaky:a"));
        write("b.camel.yaml", route("two", "direct:two", "second") + sending("shaky:b"));
        // Then each says so, and what ran runs on
        awaitError("b.camel.yaml", "b.camel.yaml: ", "no server now; tried again");
        awaitError("a.camel.yaml", "a.camel.yaml: ", "no server now; tried again");
        await().ignoreExceptions().until(() -> answer("direct:one"), "first"::equals);
        assertThat(context.getRoute("two")).isNull();
        // When the server is back, and nobody touches the files
        shaky.away.set(false);
        // Then
        awaitStarted("two");
        await().ignoreExceptions().until(() -> answer("direct:one"), "edited"::equals);
        await().untilAsserted(() -> assertThat(files.errors()).isEmpty());
    }

    @Test
    void aRouteThatMayNotRunHereIsLoadedAndNotStarted() throws Exception {
        write("a.camel.yaml", route("one", "direct:one", "first") + route("two", "shaky:two", "second"));
        // When
        follow(route -> !route.getEndpoint().getEndpointUri().startsWith("shaky"));
        // Then
        awaitStarted("one");
        assertThat(context.getRouteController().getRouteStatus("two")).isNotEqualTo(ServiceStatus.Started);
    }

    @Test
    void aRouteThatItsFileSwitchesOffIsLoadedAndNotStarted() throws Exception {
        context.getPropertiesComponent().addOverrideProperty("two.on", "false");
        write(
                "a.camel.yaml",
                route("one", "direct:one", "first")
                        + route("two", "direct:two", "second")
                                .replace("from:", "autoStartup: \"{{two.on}}\"\n    from:"));
        // When
        follow(route -> true);
        // Then
        awaitStarted("one");
        assertThat(context.getRouteController().getRouteStatus("two")).isNotEqualTo(ServiceStatus.Started);
        assertThat(files.isOff("two")).isTrue();
        // When somebody asks for its start, as a restart or a resume does
        files.stop("two");
        files.start("two");
        // Then what its file says holds
        assertThat(files.isStarting("two")).isFalse();
        assertThat(context.getRouteController().getRouteStatus("two")).isNotEqualTo(ServiceStatus.Started);
        // When
        write("a.camel.yaml", route("one", "direct:one", "first") + route("two", "direct:two", "second"));
        // Then
        awaitStarted("two");
        assertThat(files.isOff("two")).isFalse();
    }

    @Test
    void aRouteWhoseSwitchIsNoneIsRefused() throws Exception {
        write("a.camel.yaml", route("one", "direct:one", "first").replace("from:", "autoStartup: maybe\n    from:"));
        follow(route -> true);
        awaitError(
                "a.camel.yaml", "a.camel.yaml: autoStartup: maybe of route 'one' is refused: expected true or false");
    }

    @Test
    void theFolderMayComeLater() throws Exception {
        folder = folder.resolve("tables");
        follow(route -> true);
        await().until(files::ready);
        // When
        Files.createDirectory(folder);
        write("a.camel.yaml", route("one", "direct:one", "first"));
        // Then
        awaitStarted("one");
    }

    @Test
    void aPausedRouteIsLoadedAndNotStartedUntilItIsResumed() throws IOException {
        // Given
        paused.add("one");
        write("a.camel.yaml", route("one", "direct:one", "first") + route("two", "direct:two", "second"));
        // When
        follow(route -> true);
        // Then
        awaitStarted("two");
        files.start("one"); // what a watchdog asks for
        write("a.camel.yaml", route("one", "direct:one", "first") + route("two", "direct:two", "edited"));
        await().ignoreExceptions().until(() -> answer("direct:two"), "edited"::equals);
        assertThat(context.getRouteController().getRouteStatus("one")).isEqualTo(ServiceStatus.Stopped);
        // When
        paused.clear();
        files.start("one");
        // Then
        awaitStarted("one");
        // When
        files.stop("one");
        // Then
        assertThat(context.getRouteController().getRouteStatus("one")).isEqualTo(ServiceStatus.Stopped);
    }

    private void follow(Predicate<Route> mayRun) throws IOException {
        files = new RouteFiles(
                context,
                new RoutesConfig(folder, Duration.ofMillis(100), Duration.ofMillis(100)),
                mayRun,
                id -> !paused.contains(id));
        files.start();
    }

    private void awaitStarted(String routeId) {
        await().until(() -> context.getRouteController().getRouteStatus(routeId), ServiceStatus.Started::equals);
    }

    private void awaitError(String file, String... parts) {
        await().untilAsserted(() -> assertThat(files.errors()).containsKey(file));
        assertThat(files.errors().get(file)).contains(parts);
    }

    private String answer(String uri) {
        return context.createProducerTemplate().requestBody(uri, "x", String.class);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private static String route(String id, String uri, String body) {
        return """
                - route:
                    id: %s
                    description: test
                    from:
                      uri: %s
                      steps:
                        - setBody:
                            constant: %s
                """.formatted(id, uri, body);
    }

    /** A last step for a {@link #route}, which connects when the route is added. */
    private static String sending(String uri) {
        return "        - to: " + uri + "\n";
    }

    /** A component whose consumers fail to start a number of times, and whose producers do while it is away. */
    private static final class Shaky extends DefaultComponent {
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicBoolean away = new AtomicBoolean();

        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            return new DefaultEndpoint(uri, this) {
                @Override
                public Producer createProducer() {
                    return new DefaultProducer(this) {
                        @Override
                        protected void doStart() throws Exception {
                            super.doStart();
                            if (away.get()) {
                                throw new IOException("no server now");
                            }
                        }

                        @Override
                        public void process(Exchange exchange) {
                            assertThat(exchange.getMessage().getBody()).isNotNull();
                        }
                    };
                }

                @Override
                public Consumer createConsumer(Processor processor) {
                    return new DefaultConsumer(this, processor) {
                        @Override
                        protected void doStart() throws Exception {
                            super.doStart();
                            if (failures.decrementAndGet() >= 0) {
                                throw new IOException("no server yet");
                            }
                        }
                    };
                }
            };
        }
    }
}
