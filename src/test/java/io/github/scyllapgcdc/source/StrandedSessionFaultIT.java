package io.github.scyllapgcdc.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.internal.core.channel.ChannelEvent;
import com.datastax.oss.driver.internal.core.context.EventBus;
import com.datastax.oss.driver.internal.core.context.InternalDriverContext;
import io.github.scyllapgcdc.config.ScyllaConfig;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TcpProxy;
import io.github.scyllapgcdc.dev.TestStack;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A session that the driver itself will never connect again. */
class StrandedSessionFaultIT {
    private static final String QUERY = "SELECT key FROM system.local";
    /** Twice the longest pause between two attempts of the driver. */
    private static final Duration GIVEN_UP = Duration.ofSeconds(10);

    @Test
    void isReplacedWhileTheClusterIsThere() throws Exception {
        StackEndpoints stack = TestStack.get().endpoints();
        try (TcpProxy network = new TcpProxy(stack.scyllaPort());
                ScyllaSession scylla = new ScyllaSession(ScyllaConfig.of(Settings.of(Map.of(
                        "scylla.contact-points",
                        "127.0.0.1:" + network.port(),
                        "scylla.local-datacenter",
                        stack.scyllaDatacenter()))))) {
            CqlSession lasting = scylla.lasting();
            CqlSession first = scylla.get();
            assertThat(lasting.execute(QUERY).one()).isNotNull();

            // Given connections that are lost whenever the driver has just made them, until it makes none any more
            strand(first, network);
            assertThatThrownBy(() -> first.execute(QUERY)).isInstanceOf(NoNodeAvailableException.class);

            // Then another session takes its place, for everyone
            await().atMost(Duration.ofSeconds(90)).until(() -> scylla.get() != first);
            assertThat(scylla.get().execute(QUERY).one()).isNotNull();
            assertThat(lasting.execute(QUERY).one()).isNotNull();
            await().until(first::isClosed);
        }
    }

    private static void strand(CqlSession session, TcpProxy network) {
        EventBus events = ((InternalDriverContext) session.getContext()).getEventBus();
        AtomicLong lastOpened = new AtomicLong(System.nanoTime());
        Object listening = events.register(ChannelEvent.class, event -> {
            if (event.type == ChannelEvent.Type.OPENED) {
                lastOpened.set(System.nanoTime());
                network.cut();
                holdUp();
            }
        });
        network.cut();
        await("the driver has given up")
                .atMost(Duration.ofMinutes(2))
                .until(() -> System.nanoTime() - lastOpened.get() > GIVEN_UP.toNanos());
        events.unregister(listening, ChannelEvent.class);
    }

    /** The driver's thread goes on once the loss of the connection waits behind it. */
    private static void holdUp() {
        try {
            assertThat(new CountDownLatch(1).await(200, TimeUnit.MILLISECONDS)).isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
