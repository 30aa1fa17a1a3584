package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.config.WatchdogConfig;
import io.github.scyllapgcdc.ops.Watchdog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** A step that never returns leaves a route that looks as if it ran. */
class HungStepFaultIT extends SinkTestSupport {
    @Test
    void aRouteThatHangsIsStartedAgain() throws Exception {
        // Given a route that applies changes, a watchdog, and a step that hangs once
        createUsers(table("users"));
        audit(table("users"));
        EventTopic topic = topic("users");
        Events users = Events.users(table("users"));
        SinkApplication application = sink(topic);
        topic.send(users.insert(List.of(1L), Map.of("name", "before")));
        settle(topic);
        CamelContext context = application.context();
        String route = SinkApplication.routeId(topic.name());
        CountDownLatch hangs = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        context.getRouteController().stopRoute("dead-letter");
        context.removeRoute("dead-letter");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:dead-letter")
                        .process(exchange -> {
                            if (calls.incrementAndGet() == 1) {
                                hangs.countDown();
                                new CountDownLatch(1).await();
                            }
                        })
                        .to("kafka-sink:dlq-postgres-sink?batchWithIndividualHeaders=true&synchronous=true");
            }
        });
        try (Watchdog watchdog = new Watchdog(context, new WatchdogConfig(Duration.ofSeconds(8), 3), id -> {
            try {
                context.getRouteController().startRoute(id);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        })) {
            watchdog.start();

            // When a batch gets there
            topic.send(users.insert(List.of(2L), Map.of("name", "b\0d")));
            topic.send(users.insert(List.of(3L), Map.of("name", "after")));
            topic.flush();
            hangs.await();
            assertThat(context.getRouteController().getRouteStatus(route).isStarted())
                    .isTrue();

            // Then the route is restarted, and the batch applied once
            settle(topic);
        }
        assertThat(query("SELECT op, id FROM " + keyspace + ".audit ORDER BY id"))
                .containsExactly(List.of("INSERT", "1"), List.of("INSERT", "3"));
    }
}
