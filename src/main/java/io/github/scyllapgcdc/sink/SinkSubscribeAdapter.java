package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.TopicConfig;
import io.github.scyllapgcdc.deadletter.DeadLetterTopic;
import io.github.scyllapgcdc.fault.Backoff;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.logging.LogContext;
import io.github.scyllapgcdc.metrics.Meters;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.consumer.support.subcription.DefaultSubscribeAdapter;
import org.apache.camel.component.kafka.consumer.support.subcription.SubscribeAdapter;
import org.apache.camel.component.kafka.consumer.support.subcription.TopicInfo;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscribes the Kafka consumers of sink routes so that each reads on from the offset stored in Postgres. Camel takes it from
 * the registry, under the name {@value #BEAN}, for all Kafka consumers of a context; those of other routes are left as they are.
 *
 * <p>The topic may be created after the route is started: it is waited for, since a consumer that subscribes too early would
 * notice it only minutes later.
 */
public final class SinkSubscribeAdapter implements SubscribeAdapter {
    /** The name Camel looks for. */
    public static final String BEAN = "subscribeAdapter";

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);
    private static final Duration KAFKA_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SAY_EVERY = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(SinkSubscribeAdapter.class);

    private final SinkRoutes routes;
    private final FenceAssignment fence;
    private final SinkRetry retry;
    private final TopicConfig topicConfig;
    private final KafkaAdmin admin;
    private final Meters meters;

    SinkSubscribeAdapter(
            SinkRoutes routes,
            FenceAssignment fence,
            SinkRetry retry,
            TopicConfig topicConfig,
            KafkaAdmin admin,
            Meters meters) {
        this.routes = routes;
        this.fence = fence;
        this.retry = retry;
        this.topicConfig = topicConfig;
        this.admin = admin;
        this.meters = meters;
    }

    @Override
    public void subscribe(Consumer<?, ?> consumer, ConsumerRebalanceListener listener, TopicInfo topics) {
        String group = consumer.groupMetadata().groupId();
        Optional<Route> route = routes.ofGroup(group);
        if (route.isEmpty()) {
            new DefaultSubscribeAdapter().subscribe(consumer, listener, topics);
            return;
        }
        if (topics.isPattern()) {
            throw new IllegalArgumentException(
                    "route " + route.get().getRouteId() + " reads topics by pattern; a sink route names its topic");
        }
        String routeId = route.get().getRouteId();
        LogContext.thread(routeId, String.join(",", topics.getTopics())); // the consumer's own thread
        try {
            waitForTopics(consumer, topics.getTopics(), routeId);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (WakeupException e) {
            LOG.debug("Route {} stops while it waits for its topic", routeId);
        }
        consumer.subscribe(
                topics.getTopics(), new SeekingListener(consumer, listener, fence, retry, meters, group, routeId));
    }

    private void waitForTopics(Consumer<?, ?> consumer, Collection<String> topics, String routeId)
            throws InterruptedException {
        if (!routes.wanted(routeId)) {
            return; // Camel connects once more while a route stops, whose status is to say why it does
        }
        routes.status(routeId).starting("subscribes to " + topics);
        long said = System.nanoTime() - SAY_EVERY.toNanos();
        while (routes.wanted(routeId)) {
            Optional<String> obstacle = obstacle(consumer, topics);
            if (obstacle.isEmpty()) {
                return;
            }
            routes.status(routeId).starting(obstacle.get());
            if (System.nanoTime() - said >= SAY_EVERY.toNanos()) {
                LOG.info("Route {} {}", routeId, obstacle.get());
                said = System.nanoTime();
            }
            Backoff.sleep(LOOK_EVERY, () -> routes.wanted(routeId));
        }
    }

    private Optional<String> obstacle(Consumer<?, ?> consumer, Collection<String> topics) throws InterruptedException {
        try {
            for (String topic : topics) {
                var partitions = consumer.partitionsFor(topic, KAFKA_TIMEOUT);
                if (partitions == null || partitions.isEmpty()) {
                    return Optional.of("waits for topic " + topic + ", which its source creates");
                }
            }
            DeadLetterTopic.ensure(admin.get(), DeadLetterTopic.SINK, topicConfig.replicationFactor());
            return Optional.empty();
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException | ExecutionException e) {
            return Optional.of("waits for Kafka: " + ErrorTaxonomy.reason(e));
        }
    }
}
