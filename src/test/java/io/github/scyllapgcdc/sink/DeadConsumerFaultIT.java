package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.config.WatchdogConfig;
import io.github.scyllapgcdc.ops.Watchdog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A consumer whose thread died leaves a route that looks as if it ran. */
class DeadConsumerFaultIT extends SinkTestSupport {
    @Test
    void aRouteWhoseConsumerDiedIsStartedAgain() throws Exception {
        // Given a route that applies changes, and a watchdog
        createUsers(table("users"));
        audit(table("users"));
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        SinkApplication application = sink(topic);
        topic.send(users.insert(List.of(1L), Map.of("name", "before")));
        settle(topic);
        String route = SinkApplication.routeId(topic.name());
        try (Watchdog watchdog =
                new Watchdog(application.context(), new WatchdogConfig(Duration.ofSeconds(8), 3), id -> {
                    try {
                        application.context().getRouteController().startRoute(id);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })) {
            watchdog.start();

            // When the consumer's thread dies
            Thread consumer = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().contains(topic.name() + "-Thread"))
                    .findFirst()
                    .orElseThrow();
            await().until(() -> {
                consumer.interrupt();
                return !consumer.isAlive();
            });
            assertThat(application
                            .context()
                            .getRouteController()
                            .getRouteStatus(route)
                            .isStarted())
                    .isTrue();
            topic.send(users.insert(List.of(2L), Map.of("name", "after")));

            // Then what comes later is applied all the same, once
            settle(topic);
        }
        assertThat(query("SELECT op, id FROM " + keyspace + ".audit ORDER BY id"))
                .containsExactly(List.of("INSERT", "1"), List.of("INSERT", "2"));
    }
}
