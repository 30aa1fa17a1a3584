package io.github.scyllapgcdc.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The Kafka cluster.
 *
 * @param bootstrapServers {@code kafka.bootstrap.servers}, host:port with commas between
 * @param clientProperties what every Kafka client of the application is given besides, under Kafka's own names ({@code
 *     security.protocol}, {@code sasl.jaas.config}, …): the properties {@code kafka.client.*}. May hold secrets.
 */
public record KafkaConfig(String bootstrapServers, Map<String, ?> clientProperties) {
    public static final String CLIENT_PREFIX = "kafka.client.";

    public KafkaConfig {
        HostPort.list("kafka.bootstrap.servers", bootstrapServers, 9092);
        clientProperties = Map.copyOf(clientProperties);
        if (clientProperties.containsKey("bootstrap.servers")) {
            throw new ConfigurationException(
                    "kafka.client.bootstrap.servers is refused: the brokers belong in kafka.bootstrap.servers");
        }
    }

    static KafkaConfig of(Settings settings) {
        return new KafkaConfig(
                settings.text("kafka.bootstrap.servers", "127.0.0.1:9092"), settings.under(CLIENT_PREFIX));
    }

    /** The same cluster, and what its clients are given besides. */
    public KafkaConfig with(Map<String, ?> more) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.putAll(more);
        return new KafkaConfig(bootstrapServers, properties);
    }

    /** What an {@code Admin} client, or any other client of our own, is made with. */
    public Properties adminProperties() {
        Properties properties = new Properties();
        properties.putAll(clientProperties);
        properties.setProperty("bootstrap.servers", bootstrapServers);
        return properties;
    }

    @Override
    public String toString() {
        return "KafkaConfig[" + bootstrapServers + ", " + clientProperties.keySet() + "]";
    }
}
