package io.github.scyllapgcdc.source.kafka;

import java.time.Duration;
import java.util.Properties;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Makes producers whose close does not wait for a broker that is away. Kafka's own waits, without end, for a transaction's
 * outcome; here nobody needs it, since the next producer of the id settles the transaction before anything is read back.
 */
public final class PromptCloseFactory extends DefaultKafkaClientFactory {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"}) // Camel's interface has no type parameters
    public Producer getProducer(Properties properties) {
        return new KafkaProducer(properties) {
            @Override
            public void close() {
                close(PATIENCE);
            }
        };
    }
}
