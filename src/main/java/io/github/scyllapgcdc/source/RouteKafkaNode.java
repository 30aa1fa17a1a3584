package io.github.scyllapgcdc.source;

import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.EndpointAware;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The one kafka node that a source route hands its batches to. A route file is for people to edit, so what exactly-once
 * rests on is checked at each start rather than assumed.
 */
record RouteKafkaNode(KafkaEndpoint endpoint) {
    /** Kafka's default max.request.size. */
    private static final int DEFAULT_REQUEST_SIZE = 1_048_576;

    /**
     * Finds the node.
     *
     * @throws SourceException if the route has none or several, or its options would lose or repeat changes
     */
    static RouteKafkaNode of(Route route, SourceOptions options) {
        List<KafkaEndpoint> found = route.filter("*").stream()
                .filter(EndpointAware.class::isInstance)
                .map(processor -> endpoint((EndpointAware) processor))
                .filter(KafkaEndpoint.class::isInstance)
                .map(KafkaEndpoint.class::cast)
                .toList();
        String begin = "route " + route.getRouteId() + ": ";
        if (found.size() != 1) {
            throw refused(begin + "it must have exactly one step of the form to: kafka-source:"
                    + options.table().topic() + ", since each batch is one transaction of one producer; it has "
                    + found.size());
        }
        KafkaConfiguration kafka = found.get(0).getConfiguration();
        require(begin, "topic", kafka.getTopic(), options.table().topic());
        require(begin, "transactionalId", kafka.getTransactionalId(), options.transactionalId());
        require(begin, "synchronous", kafka.isSynchronous(), true);
        require(begin, "batchWithIndividualHeaders", kafka.isBatchWithIndividualHeaders(), true);
        require(begin, "useIterator", kafka.isUseIterator(), true);
        require(begin, "keySerializer", kafka.getKeySerializer(), ByteArraySerializer.class.getName());
        require(begin, "valueSerializer", kafka.getValueSerializer(), ByteArraySerializer.class.getName());
        return new RouteKafkaNode(found.get(0));
    }

    private static Endpoint endpoint(EndpointAware processor) {
        return processor.getEndpoint();
    }

    private static void require(String begin, String option, Object is, Object expected) {
        if (!expected.equals(is)) {
            throw refused(
                    begin + "its kafka step has " + option + '=' + is + ", expected " + expected
                            + "; use the component kafka-source, which is set up in application.properties, and correct the route");
        }
    }

    private static SourceException refused(String message) {
        return new SourceException(SourceException.Kind.STOP, message);
    }

    /** The largest request that its producer sends, in bytes. */
    int maxRequestBytes() {
        Integer configured = endpoint.getConfiguration().getMaxRequestSize();
        return configured == null ? DEFAULT_REQUEST_SIZE : configured;
    }
}
