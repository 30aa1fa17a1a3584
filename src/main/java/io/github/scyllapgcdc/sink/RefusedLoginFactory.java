package io.github.scyllapgcdc.sink;

import java.time.Duration;
import java.util.Properties;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;

/**
 * Makes consumers to which a refused log-in is a failure like others, after which they connect again. Camel ends a consumer's thread
 * for good when it sees one; but a password that is being rotated is refused for a while and then is not.
 */
public final class RefusedLoginFactory extends DefaultKafkaClientFactory {
    @Override
    @SuppressWarnings("rawtypes") // so it is in Camel
    public Consumer getConsumer(Properties properties) {
        return new Reconnecting(properties);
    }

    private static final class Reconnecting extends KafkaConsumer<Object, Object> {
        private Reconnecting(Properties properties) {
            super(properties);
        }

        @Override
        public ConsumerRecords<Object, Object> poll(Duration timeout) {
            try {
                return super.poll(timeout);
            } catch (AuthenticationException e) {
                throw new KafkaException("Kafka refused the log-in: " + e.getMessage(), e);
            }
        }
    }
}
