package io.github.scyllapgcdc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.scyllapgcdc.cli.TableRoutes.Written;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableRoutesTest {
    private static final TableId ORDERS = TableId.parse("ecommerce.orders");

    @TempDir
    private Path temp;

    private Path folder;
    private TableRoutes routes;

    @BeforeEach
    void makeFolder() {
        folder = temp.resolve("routes/tables");
        routes = new TableRoutes(folder);
    }

    @Test
    void theQuickstartsTableIsDeployedAsDeployWouldDoIt() throws IOException {
        assertThat(Path.of("routes/tables/ecommerce.users.camel.yaml"))
                .hasContent(routes.text(TableId.parse("ecommerce.users"), TableRoutes.Type.BOTH));
    }

    @Test
    void aTableHasASourceASinkAndATimerRoute() {
        assertThat(routes.text(ORDERS, TableRoutes.Type.BOTH)).isEqualTo("""
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
        assertThat(TableRoutes.routeIds(routes.text(ORDERS, TableRoutes.Type.SOURCE)))
                .containsExactly("scylla-source-orders");
        assertThat(TableRoutes.routeIds(routes.text(ORDERS, TableRoutes.Type.SINK)))
                .containsExactly("postgres-sink-orders", "reconcile-orders");
    }

    @Test
    void writesTheWholeFileOrNothing() throws IOException {
        // When
        Written written = routes.write(ORDERS, routes.text(ORDERS, TableRoutes.Type.BOTH), false);
        // Then
        assertThat(written).isEqualTo(Written.NEW);
        assertThat(names()).containsExactly("ecommerce.orders.camel.yaml");
        assertThat(routes.write(ORDERS, routes.text(ORDERS, TableRoutes.Type.BOTH), false))
                .isEqualTo(Written.SAME);
    }

    @Test
    void keepsAFileThatAPersonEditedUnlessForced() throws IOException {
        // Given
        routes.write(ORDERS, "- route: mine\n", false);
        // Then
        assertThatThrownBy(() -> routes.write(ORDERS, routes.text(ORDERS, TableRoutes.Type.BOTH), false))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("says something else")
                .hasMessageContaining("--force");
        assertThat(routes.write(ORDERS, "- route: other\n", true)).isEqualTo(Written.REPLACED);
        assertThat(names()).hasSize(1);
    }

    @Test
    void tablesOfOneNameInTwoKeyspacesGetDifferentRouteIds() throws IOException {
        routes.write(ORDERS, routes.text(ORDERS, TableRoutes.Type.BOTH), false);
        TableId other = TableId.parse("archive.orders");

        assertThat(TableRoutes.routeIds(routes.text(other, TableRoutes.Type.BOTH)))
                .containsExactly(
                        "scylla-source-archive.orders", "postgres-sink-archive.orders", "reconcile-archive.orders");
        // and the first keeps its own when it is deployed again
        assertThat(TableRoutes.routeIds(routes.text(ORDERS, TableRoutes.Type.BOTH)))
                .containsExactly("scylla-source-orders", "postgres-sink-orders", "reconcile-orders");
    }

    @Test
    void aTemplateIsFilledIn() {
        assertThat(routes.text(ORDERS, "a: ${topic}, ${keyspace}, ${table}, ${source-id}, ${sink-id}, ${reconcile-id}"))
                .isEqualTo("a: ecommerce.orders, ecommerce, orders, scylla-source-orders, postgres-sink-orders,"
                        + " reconcile-orders");
    }

    @Test
    void deletesTheFileAndTellsItsRoutes() throws IOException {
        routes.write(ORDERS, routes.text(ORDERS, TableRoutes.Type.BOTH), false);

        assertThat(routes.delete(ORDERS))
                .containsExactly("scylla-source-orders", "postgres-sink-orders", "reconcile-orders");
        assertThat(names()).isEmpty();
        assertThatThrownBy(() -> routes.delete(ORDERS))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("table ecommerce.orders is not deployed");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
