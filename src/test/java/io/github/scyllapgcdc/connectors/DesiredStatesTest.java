package io.github.scyllapgcdc.connectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.TestPorts;
import io.github.scyllapgcdc.config.RoutesConfig;
import io.github.scyllapgcdc.ops.RouteFiles;
import io.github.scyllapgcdc.ops.RouteState;
import io.github.scyllapgcdc.ops.RouteStates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.ServiceStatus;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** routes/connectors.camel.yaml without a PostgreSQL, and what follows what was read. */
class DesiredStatesTest extends CamelMainTestSupport {
    private static final String ROUTE = "postgres-sink-b";

    @TempDir
    private static Path tables;

    private final int port = TestPorts.free();
    private DesiredStates desired;
    private RouteStates routes;

    @Override
    protected void configure(MainConfigurationProperties main) {
        main.withRoutesIncludePattern("file:routes/connectors.camel.yaml");
        main.httpServer().withEnabled(true).withHost("127.0.0.1").withPort(port);
    }

    @Override
    protected Properties useOverridePropertiesWithPropertiesComponent() {
        Properties properties = new Properties();
        properties.setProperty("connectors.poll.interval.ms", "100");
        return properties;
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        DriverManagerDataSource nowhere = new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/nowhere");
        desired = new DesiredStates(context(), nowhere);
        routes = new RouteStates(context(), route -> true, desired);
        registry.bind("dataSource", nowhere);
        TestPorts.serve(registry, port);
        registry.bind(DesiredStates.BEAN, desired);
        registry.bind(
                StatusReport.BEAN,
                new StatusReport(context(), new Connectors(context(), routes, desired), routes, null));
    }

    @Test
    void whatWasReadLastHoldsWhilePostgresIsAwayAndIsSaid() throws Exception {
        await().until(
                        () -> routes.trouble().orElse(""),
                        "what was decided of the connectors (cdc_metadata.connectors) can't be read: Connection refused"
                                ::equals);
        assertThat(desired.wanted(ROUTE)).isTrue();
    }

    @Test
    void aStartThatWasHeldBackByAPauseIsMadeUpForWithTheResumption() throws Exception {
        Files.writeString(tables.resolve("a.b.camel.yaml"), """
                - route:
                    id: postgres-sink-b
                    from:
                      uri: kafka-sink:a.b
                      steps:
                        - to: log:x
                """);
        context.addComponent("kafka-sink", new DirectComponent());
        try (RouteFiles files = new RouteFiles(
                context, new RoutesConfig(tables, Duration.ofMillis(50), Duration.ofMillis(50)), r -> true, desired)) {
            routes.follow(files, null);
            desired.follow(files);
            // Given a pause that comes after the first look, and before the tables' files are read
            desired.follow(rows(false, 0));
            desired.follow(rows(true, 0));
            files.start();
            await().until(() -> files.files().containsKey(ROUTE));
            assertThat(state()).isEqualTo(RouteState.State.PAUSED);
            // When it is resumed
            desired.follow(rows(false, 0));
            // Then it starts, although no look at the running routes ever saw it paused
            await().until(() -> status() == ServiceStatus.Started);
            // When it is paused, and a start and a restart are asked for
            desired.follow(rows(true, 0));
            files.start(ROUTE);
            desired.follow(rows(true, 1));
            // Then it stays paused
            assertThat(status()).isEqualTo(ServiceStatus.Stopped);
            assertThat(state()).isEqualTo(RouteState.State.PAUSED);
            desired.follow(rows(false, 1));
            await().until(() -> status() == ServiceStatus.Started);
        }
    }

    private static List<Map<String, Object>> rows(boolean paused, long restarts) {
        return List.of(Map.of("name", ROUTE, "paused", paused, "restarts", restarts));
    }

    private ServiceStatus status() {
        return context.getRouteController().getRouteStatus(ROUTE);
    }

    private RouteState.State state() {
        return routes.all().stream()
                .filter(route -> route.id().equals(ROUTE))
                .findFirst()
                .orElseThrow()
                .state();
    }
}
