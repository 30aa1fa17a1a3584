package io.github.scyllapgcdc.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.config.WatchdogConfig;
import io.github.scyllapgcdc.status.RouteStatus;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private static final String ROUTE = "watched";
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final AtomicInteger starts = new AtomicInteger();
    private final Progress progress = new Progress();
    private Watchdog watchdog;

    /** A route whose progress the test decides on; negative: nothing to do. */
    private static final class Progress implements RouteStatus {
        private final AtomicLong figure = new AtomicLong();

        @Override
        public String routeId() {
            return ROUTE;
        }

        @Override
        public boolean up() {
            return true;
        }

        @Override
        public String detail() {
            return "";
        }

        @Override
        public OptionalLong progress() {
            return figure.get() < 0 ? OptionalLong.empty() : OptionalLong.of(figure.get());
        }
    }

    @BeforeEach
    void start() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:a").routeId(ROUTE).to("log:a");
            }
        });
        context.getRegistry().bind(RouteStatus.bean(ROUTE), progress);
        context.start();
        watchdog = new Watchdog(context, new WatchdogConfig(Duration.ofSeconds(1), 2), id -> {
            starts.incrementAndGet();
            try {
                context.getRouteController().startRoute(id);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        watchdog.start();
    }

    @AfterEach
    void stop() {
        watchdog.close();
        context.stop();
    }

    @Test
    void aRouteThatGetsNothingDoneIsRestartedAndThenStopped() {
        // Given a route that is behind and stands still, when it is restarted twice in vain
        await().untilAsserted(
                        () -> assertThat(watchdog.verdict(ROUTE).orElse("")).contains("restart 1 of 2"));

        // Then it is stopped, and says so
        await().untilAsserted(() ->
                assertThat(context.getRouteController().getRouteStatus(ROUTE)).isEqualTo(ServiceStatus.Stopped));
        assertThat(starts).hasValue(2);
        assertThat(watchdog.verdict(ROUTE).orElse("")).contains("is stopped", "after 2 restarts");
    }

    @Test
    void aRouteThatMovesOnOrHasNothingToDoIsLeftAlone() {
        // Given a route that stands still again and again, but never for as long as the limit
        await().pollInterval(Duration.ofMillis(400)).until(() -> progress.figure.incrementAndGet() == 5);
        assertThat(starts).hasValue(0);

        // When it has nothing to do
        progress.figure.set(-1);

        // Then it may do nothing for longer
        await().during(Duration.ofSeconds(2)).until(() -> starts.get() == 0);
        assertThat(watchdog.verdict(ROUTE)).isEmpty();
    }

    @Test
    void aRouteThatMovesAfterARestartIsWellAgain() {
        await().until(() -> starts.get() == 1);

        progress.figure.set(100);

        await().untilAsserted(() -> assertThat(watchdog.verdict(ROUTE)).isEmpty());
    }
}
