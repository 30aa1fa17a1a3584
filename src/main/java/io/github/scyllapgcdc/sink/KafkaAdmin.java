package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import java.time.Duration;
import java.util.Properties;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.clients.admin.Admin;

/** The sink's admin client, made when it is needed first. */
final class KafkaAdmin extends ServiceSupport {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final KafkaConfig config;
    private final String timeoutMillis;
    private Admin admin;

    KafkaAdmin(KafkaConfig config) {
        this(config, TIMEOUT);
    }

    /** @param timeout after which a request has failed, unless the configuration says otherwise */
    KafkaAdmin(KafkaConfig config, Duration timeout) {
        this.config = config;
        this.timeoutMillis = Long.toString(timeout.toMillis());
    }

    synchronized Admin get() {
        if (admin == null) {
            Properties properties = config.adminProperties();
            properties.putIfAbsent("default.api.timeout.ms", timeoutMillis);
            properties.putIfAbsent("request.timeout.ms", timeoutMillis);
            admin = Admin.create(properties);
        }
        return admin;
    }

    @Override
    protected synchronized void doStop() {
        if (admin != null) {
            admin.close();
            admin = null;
        }
    }
}
