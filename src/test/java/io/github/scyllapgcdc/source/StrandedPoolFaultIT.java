package io.github.scyllapgcdc.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.internal.core.channel.ChannelEvent;
import com.datastax.oss.driver.internal.core.channel.DriverChannel;
import com.datastax.oss.driver.internal.core.context.EventBus;
import com.datastax.oss.driver.internal.core.context.InternalDriverContext;
import com.datastax.oss.driver.internal.core.pool.ChannelPool;
import com.datastax.oss.driver.internal.core.session.DefaultSession;
import io.github.scyllapgcdc.config.ScyllaConfig;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TcpProxy;
import io.github.scyllapgcdc.dev.TestStack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pool of connections that the driver itself will never fill again. */
class StrandedPoolFaultIT {
    private static final String QUERY = "SELECT key FROM system.local";
    /** More than the longest pause between two attempts of the driver, and less than the watch takes. */
    private static final Duration GIVEN_UP = Duration.ofSeconds(7);

    private TcpProxy network;
    private ScyllaSession scylla;
    private CqlSession session;

    @BeforeEach
    void connect() throws Exception {
        StackEndpoints stack = TestStack.get().endpoints();
        network = new TcpProxy(stack.scyllaPort());
        scylla = new ScyllaSession(ScyllaConfig.of(Settings.of(Map.of(
                "scylla.contact-points",
                "127.0.0.1:" + network.port(),
                "scylla.local-datacenter",
                stack.scyllaDatacenter()))));
        session = scylla.get();
        assertThat(session.execute(QUERY).one()).isNotNull();
    }

    @AfterEach
    void close() throws Exception {
        scylla.close();
        network.close();
    }

    @Test
    void isFilledAgainAfterTheNetworkLostEachConnection() {
        strand(network::cut);

        assertConnectsAgain();
    }

    @Test
    void isFilledAgainWhileTheConnectionForEventsLives() {
        strand(() -> channels().forEach(StrandedPoolFaultIT::lose));
        assertThat(session.getMetadata().getNodes().values())
                .as("connections, of which one is no pool's")
                .allMatch(node -> node.getOpenConnections() == 1);

        assertConnectsAgain();
    }

    private void assertConnectsAgain() {
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(AllNodesFailedException.class)
                .until(() -> session.execute(QUERY).one() != null);
        assertThat(scylla.get()).isSameAs(session);
    }

    /** The connections for queries. */
    private List<DriverChannel> channels() {
        return ((DefaultSession) session)
                .getPools().values().stream()
                        .map(ChannelPool::next)
                        .filter(Objects::nonNull)
                        .toList();
    }

    private static void lose(DriverChannel channel) {
        Future<?> unused = channel.forceClose();
    }

    /** Loses connections whenever the driver has just made them, until it makes none any more. */
    private void strand(Runnable loss) {
        EventBus events = ((InternalDriverContext) session.getContext()).getEventBus();
        AtomicLong lastOpened = new AtomicLong(System.nanoTime());
        Object listening = events.register(ChannelEvent.class, event -> {
            if (event.type == ChannelEvent.Type.OPENED) {
                lastOpened.set(System.nanoTime());
                List<DriverChannel> made = channels();
                loss.run();
                // The driver's thread goes on once the loss of the connection waits behind it
                made.forEach(channel -> channel.closeFuture().awaitUninterruptibly(5, TimeUnit.SECONDS));
            }
        });
        loss.run();
        await("the driver has given up")
                .atMost(Duration.ofMinutes(2))
                .until(() -> System.nanoTime() - lastOpened.get() > GIVEN_UP.toNanos());
        events.unregister(listening, ChannelEvent.class);
        assertThatThrownBy(() -> session.execute(QUERY)).isInstanceOf(AllNodesFailedException.class);
    }
}
