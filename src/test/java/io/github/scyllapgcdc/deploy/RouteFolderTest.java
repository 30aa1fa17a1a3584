package io.github.scyllapgcdc.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.scyllapgcdc.deploy.RouteFolder.Written;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouteFolderTest {
    private static final TableId ORDERS = TableId.parse("ecommerce.orders");

    @TempDir
    private Path temp;

    private Path folder;
    private RouteFolder routes;

    @BeforeEach
    void makeFolder() {
        folder = temp.resolve("routes/tables");
        routes = new RouteFolder(folder);
    }

    @Test
    void theQuickstartsTableIsDeployedAsDeployWouldDoIt() throws IOException {
        assertThat(Path.of("routes/tables/ecommerce.users.camel.yaml"))
                .hasContent(routes.deployed(TableId.parse("ecommerce.users"), RouteFolder.Type.BOTH, null, false));
    }

    @Test
    void aTableHasASourceASinkAndATimerRoute() {
        assertThat(routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, false)).isEqualTo("""
                        # ecommerce.orders: what ScyllaDB's CDC log tells of the table goes to the Kafka topic of the same name.
                        # One exchange is one batch, and one Kafka transaction with the checkpoints it completes.
                        - route:
                            id: scylla-source-orders
                            description: Publishes the changes of ecommerce.orders to Kafka
                            from:
                              uri: scylla-cdc:ecommerce.orders
                              steps:
                                - to:
                                    uri: kafka-source:ecommerce.orders
                                    parameters:
                                      transactionalId: scylla-source-ecommerce.orders-0

                        # ecommerce.orders: the topic's batches are applied to PostgreSQL by the shared routes in routes/postgres-sink.camel.yaml.
                        - route:
                            id: postgres-sink-orders
                            description: Applies the topic ecommerce.orders to PostgreSQL
                            from:
                              uri: kafka-sink:ecommerce.orders
                              parameters:
                                groupId: postgres-sink-ecommerce.orders
                              steps:
                                - to:
                                    uri: direct:postgres-sink

                        # ecommerce.orders: both tables are compared from time to time, by the shared routes in routes/reconcile.camel.yaml. Add "repair": true to the body
                        # to have missing and differing rows repaired as well.
                        - route:
                            id: reconcile-orders
                            description: Compares ecommerce.orders in PostgreSQL with ScyllaDB
                            autoStartup: "{{reconcile.scheduled}}"
                            from:
                              uri: timer:reconcile-orders
                              parameters:
                                delay: "{{reconcile.period.ms}}"
                                period: "{{reconcile.period.ms}}"
                              steps:
                                - setBody:
                                    constant: '{"table": "ecommerce.orders", "mode": "full"}'
                                - to:
                                    uri: direct:scheduled-reconcile
                        """);
    }

    @Test
    void oneHalfCanBeDeployedAlone() {
        assertThat(RouteFolder.routeIds(routes.deployed(ORDERS, RouteFolder.Type.SOURCE, null, false)))
                .containsExactly("scylla-source-orders");
        assertThat(RouteFolder.routeIds(routes.deployed(ORDERS, RouteFolder.Type.SINK, null, false)))
                .containsExactly("postgres-sink-orders", "reconcile-orders");
    }

    @Test
    void writesTheWholeFileOrNothing() throws IOException {
        // When
        Written written = routes.write(ORDERS, routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, false), false);
        // Then
        assertThat(written).isEqualTo(Written.NEW);
        assertThat(names()).containsExactly("ecommerce.orders.camel.yaml");
        assertThat(routes.write(ORDERS, routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, false), false))
                .isEqualTo(Written.SAME);
    }

    @Test
    void keepsAFileThatAPersonEditedUnlessForced() throws IOException {
        // Given
        routes.write(ORDERS, "- route: mine\n", false);
        // Then
        assertThatThrownBy(() -> routes.write(ORDERS, "- route: other\n", false))
                .isInstanceOf(DeployException.class)
                .hasMessageContaining("says something else")
                .hasMessageContaining("--force");
        assertThat(routes.write(ORDERS, "- route: other\n", true)).isEqualTo(Written.REPLACED);
        assertThat(names()).hasSize(1);
    }

    @Test
    void keepsARouteThatAPersonEditedUnlessForced() throws IOException {
        // Given a sink that somebody changed, below a source that nobody did
        String edited = routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, false)
                .replace("uri: direct:postgres-sink", "uri: direct:my-sink");
        routes.write(ORDERS, edited, true);
        // Then what is asked of the source alone is done
        assertThat(routes.deployed(ORDERS, RouteFolder.Type.SOURCE, null, false))
                .isEqualTo(edited);
        assertThat(routes.deployed(ORDERS, RouteFolder.Type.SOURCE, 2, false))
                .contains("direct:my-sink", "scylla-source-orders-1");
        // And the sink only by force
        assertThatThrownBy(() -> routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, false))
                .isInstanceOf(DeployException.class)
                .hasMessageContaining("says something else of postgres-sink-orders")
                .hasMessageContaining("--force");
        assertThat(routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, true)).doesNotContain("direct:my-sink");
    }

    @Test
    void aHalfIsAddedToTheOtherAndTakenAwayAgain() throws IOException {
        // Given
        String both = routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, false);
        routes.write(ORDERS, routes.deployed(ORDERS, RouteFolder.Type.SINK, null, false), false);
        // Then the source comes first, as it would in one go
        assertThat(routes.deployed(ORDERS, RouteFolder.Type.SOURCE, null, false))
                .isEqualTo(both);
        // When
        routes.write(ORDERS, both, true);
        // Then
        assertThat(routes.remove(ORDERS, RouteFolder.Type.SINK))
                .containsExactly("postgres-sink-orders", "reconcile-orders");
        assertThat(folder.resolve("ecommerce.orders.camel.yaml"))
                .content()
                .contains("scylla-source-orders")
                .doesNotContain("postgres-sink-orders");
        assertThatThrownBy(() -> routes.remove(ORDERS, RouteFolder.Type.SINK))
                .hasMessageContaining("has no sink route");
        assertThat(routes.remove(ORDERS, RouteFolder.Type.SOURCE)).containsExactly("scylla-source-orders");
        assertThat(names()).isEmpty();
    }

    @Test
    void aSourcesStreamsAreSharedByTasks() throws IOException {
        // When
        String text = routes.deployed(ORDERS, RouteFolder.Type.BOTH, 3, false);
        routes.write(ORDERS, text, false);
        // Then
        assertThat(RouteFolder.routeIds(text))
                .containsExactly(
                        "scylla-source-orders-0",
                        "scylla-source-orders-1",
                        "scylla-source-orders-2",
                        "postgres-sink-orders",
                        "reconcile-orders");
        assertThat(text).contains("transactionalId: scylla-source-ecommerce.orders-2", "task: 2", "tasks: 3");
        assertThat(routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, false)).isEqualTo(text);
        assertThat(RouteFolder.routeIds(routes.deployed(ORDERS, RouteFolder.Type.SOURCE, 1, false)))
                .containsExactly("scylla-source-orders", "postgres-sink-orders", "reconcile-orders");
        assertThatThrownBy(() -> routes.deployed(ORDERS, RouteFolder.Type.SOURCE, 0, false))
                .hasMessageContaining("tasks=0 is refused");
        assertThatThrownBy(() -> routes.deployed(ORDERS, RouteFolder.Type.SINK, 2, false))
                .hasMessageContaining("tasks=2 is refused");
    }

    @Test
    void aTimerThatWasTakenAwayStaysAway() throws IOException {
        String text = routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, false);
        String without = text.substring(0, text.indexOf("# ecommerce.orders: both tables"));
        routes.write(ORDERS, without, false);

        assertThat(RouteFolder.routeIds(routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, false)))
                .containsExactly("scylla-source-orders", "postgres-sink-orders");
    }

    @Test
    void aFolderThatCantBeWrittenToIsLeftAlone() throws IOException {
        // Given a folder that not even root can write into
        RouteFolder there =
                new RouteFolder(FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base"));
        // Then
        assertThat(there.write(ORDERS, "- route: mine\n", false)).isEqualTo(Written.READ_ONLY);
    }

    @Test
    void tablesOfOneNameInTwoKeyspacesGetDifferentRouteIds() throws IOException {
        routes.write(ORDERS, routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, false), false);
        TableId other = TableId.parse("archive.orders");

        assertThat(RouteFolder.routeIds(routes.deployed(other, RouteFolder.Type.BOTH, null, false)))
                .containsExactly(
                        "scylla-source-archive.orders", "postgres-sink-archive.orders", "reconcile-archive.orders");
        // and the first keeps its own when it is deployed again
        assertThat(RouteFolder.routeIds(routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, false)))
                .containsExactly("scylla-source-orders", "postgres-sink-orders", "reconcile-orders");
    }

    @Test
    void aTemplateIsFilledIn() {
        assertThat(routes.filled(
                        ORDERS, "a: ${topic}, ${keyspace}, ${table}, ${source-id}, ${sink-id}, ${reconcile-id}"))
                .isEqualTo("a: ecommerce.orders, ecommerce, orders, scylla-source-orders, postgres-sink-orders,"
                        + " reconcile-orders");
    }

    @Test
    void deletesTheFileAndTellsItsRoutes() throws IOException {
        routes.write(ORDERS, routes.deployed(ORDERS, RouteFolder.Type.BOTH, null, false), false);

        assertThat(routes.remove(ORDERS, RouteFolder.Type.BOTH))
                .containsExactly("scylla-source-orders", "postgres-sink-orders", "reconcile-orders");
        assertThat(names()).isEmpty();
        assertThatThrownBy(() -> routes.remove(ORDERS, RouteFolder.Type.BOTH))
                .isInstanceOf(DeployException.class)
                .hasMessageContaining("table ecommerce.orders is not deployed");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
