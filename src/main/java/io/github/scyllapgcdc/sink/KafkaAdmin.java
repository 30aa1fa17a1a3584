package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import java.util.Properties;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.clients.admin.Admin;

/** The sink's admin client, made when it is needed first. */
final class KafkaAdmin extends ServiceSupport {
    private static final String TIMEOUT_MILLIS = "10000";

    private final KafkaConfig config;
    private Admin admin;

    KafkaAdmin(KafkaConfig config) {
        this.config = config;
    }

    synchronized Admin get() {
        if (admin == null) {
            Properties properties = config.adminProperties();
            properties.putIfAbsent("default.api.timeout.ms", TIMEOUT_MILLIS);
            properties.putIfAbsent("request.timeout.ms", TIMEOUT_MILLIS);
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
