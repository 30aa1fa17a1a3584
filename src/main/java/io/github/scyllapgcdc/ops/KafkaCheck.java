package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.HostPort;
import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.fault.TlsRefusal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;

/** Asks Kafka for its nodes, over one admin client that is kept. */
final class KafkaCheck implements Server.Check, AutoCloseable {
    private static final int TIMEOUT_MS = 4_000;

    private final KafkaConfig config;
    private Admin admin;

    KafkaCheck(KafkaConfig config) {
        this.config = config;
    }

    @Override
    public void run() throws IOException, InterruptedException {
        // Without a broker the client only says that it timed out; a socket says why
        Listening.requireOne(HostPort.list("kafka.bootstrap.servers", config.bootstrapServers(), 9092));
        try {
            admin().describeCluster(new DescribeClusterOptions().timeoutMs(TIMEOUT_MS))
                    .nodes()
                    .get();
        } catch (ExecutionException | org.apache.kafka.common.KafkaException e) {
            Optional<String> tls = TlsRefusal.of(e);
            if (tls.isPresent()) {
                throw new ConfigurationException(
                        "Kafka at " + config.bootstrapServers() + " (kafka.client.ssl.*): " + tls.get(), e);
            }
            AuthenticationException refused = Failures.cause(e, AuthenticationException.class);
            if (refused != null) {
                throw new ConfigurationException(
                        "Kafka at " + config.bootstrapServers() + " refused the login (kafka.client.*): "
                                + refused.getMessage(),
                        e);
            }
            ConfigException wrong = Failures.cause(e, ConfigException.class);
            if (wrong != null && !wrong.getMessage().contains("resolvable")) {
                throw new ConfigurationException("kafka.client.*: " + wrong.getMessage(), e);
            }
            throw new IOException(Failures.line(e), e);
        }
    }

    private synchronized Admin admin() {
        if (admin == null) {
            Properties properties = config.adminProperties();
            properties.put("client.id", "health");
            admin = Admin.create(properties);
        }
        return admin;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(2));
        }
    }
}
