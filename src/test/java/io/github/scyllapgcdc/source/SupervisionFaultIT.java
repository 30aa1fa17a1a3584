package io.github.scyllapgcdc.source;

import static io.github.scyllapgcdc.source.SourceTables.PATIENCE;
import static io.github.scyllapgcdc.source.SourceTables.awaitCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.dev.TcpProxy;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.SourceStatus.State;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What follows the failures of a source: it tries again, says since when and why, and gives up where it is told to. */
class SupervisionFaultIT {
    private static SourceTables tables;

    @BeforeAll
    static void connect() {
        tables = new SourceTables("supervision_it");
    }

    @AfterAll
    static void disconnect() {
        tables.close();
    }

    private static TcpProxy registry() throws Exception {
        return new TcpProxy(URI.create(tables.stack().registryUrl()).getPort());
    }

    private static Map<String, String> through(TcpProxy registry, String maxRestarts) {
        String direct = tables.stack().registryUrl();
        return Map.of(
                "schema.registry.url",
                direct.replace(":" + URI.create(direct).getPort(), ":" + registry.port()),
                "source.max.restarts",
                maxRestarts);
    }

    @Test
    void itTriesForAsLongAsItTakesAndSaysSinceWhenAndWhy() throws Exception {
        // Given a registry that is away
        TableId table = tables.create("patient", "id bigint PRIMARY KEY, v text");
        try (TcpProxy registry = registry();
                Published published = new Published(tables.stack(), table.topic());
                SourceApplication application = new SourceApplication(tables.stack(), through(registry, "-1"))) {
            registry.refuse();
            String route = application.add(table, "");
            SourceStatus status = application.status(route);

            // When there is a change to publish
            tables.insert(table, 0, 10);

            // Then it tries again and again, and says so
            await().atMost(PATIENCE).until(() -> (int) status.figures().get("failuresInARow") >= 3);
            await().atMost(PATIENCE).until(() -> status.state() == State.RETRYING);
            assertThat(status.up()).isFalse();
            assertThat(status.detail())
                    .matches("trying again since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ after \\d+ failures: .+")
                    .contains("127.0.0.1:" + registry.port());
            assertThat(status.figures()).containsKey("failingSince");

            // And when the registry is back, each change comes once
            registry.pass();
            awaitCount(published, 10);
            assertThat(published.changeIds()).doesNotHaveDuplicates().hasSize(10);
            assertThat(status.up()).isTrue();
        }
    }

    @Test
    void itGivesUpAfterSoManyFailuresInARowAndGoesOnWhenStartedByHand() throws Exception {
        // Given a registry that is away, and a source that shall not try for ever
        TableId table = tables.create("bounded", "id bigint PRIMARY KEY, v text");
        try (TcpProxy registry = registry();
                Published published = new Published(tables.stack(), table.topic());
                SourceApplication application = new SourceApplication(tables.stack(), through(registry, "2"))) {
            registry.refuse();
            String route = application.add(table, "");
            SourceStatus status = application.status(route);
            tables.insert(table, 0, 10);

            // When the attempts it has are used up
            await().atMost(PATIENCE).until(() -> status.state() == State.BLOCKED);

            // Then it stays stopped and says why
            assertThat(status.up()).isFalse();
            assertThat(status.detail())
                    .contains("gave up after source.max.restarts=2 attempts to go on since ")
                    .contains("start the route again")
                    .contains("127.0.0.1:" + registry.port());
            await().atMost(PATIENCE)
                    .until(() -> application
                            .context()
                            .getRouteController()
                            .getRouteStatus(route)
                            .isStopped());

            // And when somebody starts it, it begins to count anew, and publishes each change once
            registry.pass();
            application.context().getRouteController().startRoute(route);
            awaitCount(published, 10);
            assertThat(published.changeIds()).doesNotHaveDuplicates().hasSize(10);
            assertThat((int) status.figures().get("failuresInARow"))
                    .as("one more at the most, while the registry is still left alone")
                    .isLessThanOrEqualTo(1);
        }
    }
}
