package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.internal.core.context.EventBus;
import com.datastax.oss.driver.internal.core.context.InternalDriverContext;
import com.datastax.oss.driver.internal.core.metadata.TopologyEvent;
import com.datastax.oss.driver.internal.core.session.DefaultSession;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Driver 4 connects to a node again by itself, but for one case: a connection that is lost in the moment in which it was made. The
 * node's pool then takes its attempt for a success, and makes no other for ever. The driver drops the pool of a node that is forced
 * down, and makes a new one when it is forced up; so that is done to the nodes of such pools. Other nodes go on meanwhile, and so do
 * those who hold the session.
 */
final class PoolWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PoolWatch.class);
    private static final Duration LOOK = Duration.ofSeconds(15);
    /** The driver gathers events for a second, and keeps the last one of a node. */
    private static final Duration DOWN = Duration.ofSeconds(3);

    private final DefaultSession session;
    private final EventBus events;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "scylla-pools");
        thread.setDaemon(true);
        return thread;
    });
    /** Nodes whose pools were without connection and attempt when looked at last: a pool may be just about to make one. */
    private Set<Node> suspects = Set.of();

    /** Watches a session until {@link #close}. */
    PoolWatch(CqlSession session) {
        this.session = (DefaultSession) session;
        this.events = ((InternalDriverContext) session.getContext()).getEventBus();
        ScheduledFuture<?> unused =
                looking.scheduleWithFixedDelay(this::tryLook, LOOK.toSeconds(), LOOK.toSeconds(), TimeUnit.SECONDS);
    }

    private void tryLook() {
        try {
            look();
        } catch (RuntimeException e) { // or there would be no further look
            LOG.debug("pools", e);
        }
    }

    private void look() {
        Set<Node> stranded = new HashSet<>();
        session.getPools().forEach((node, pool) -> {
            if (pool.size() == 0 && !node.isReconnecting()) {
                stranded.add(node);
            }
        });
        stranded.stream()
                .filter(suspects::contains)
                .flatMap(node -> node.getBroadcastRpcAddress().stream())
                .forEach(this::reconnect);
        suspects = stranded;
    }

    private void reconnect(InetSocketAddress node) {
        LOG.warn("ScyllaDB: the driver has no connection to {} and makes none: it is made to connect again", node);
        events.fire(TopologyEvent.forceDown(node));
        ScheduledFuture<?> unused =
                looking.schedule(() -> events.fire(TopologyEvent.forceUp(node)), DOWN.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
