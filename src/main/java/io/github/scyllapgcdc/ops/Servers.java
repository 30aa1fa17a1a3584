package io.github.scyllapgcdc.ops;

import com.datastax.oss.driver.api.core.CqlSession;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.config.PostgresConfig;
import io.github.scyllapgcdc.config.ScyllaConfig;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.camel.ProducerTemplate;

/** The servers that this instance needs, and how each is asked. */
public final class Servers implements AutoCloseable {
    private final List<Server> all = new ArrayList<>();
    private final KafkaCheck kafka;
    private final ProducerTemplate routes;

    /** @param routes for the checks that are routes themselves */
    public Servers(
            CdcConfig config, Supplier<CqlSession> session, ConfluentRegistry registry, ProducerTemplate routes) {
        this.routes = routes;
        if (config.source().enabled()) { // a sink only has no business with ScyllaDB
            Server.Check scylla = new ScyllaCheck(config.scylla(), session);
            add(
                    "scylla",
                    "ScyllaDB",
                    config.scylla().address(),
                    "scylla.contact-points",
                    scylla,
                    () -> askThroughTheSession(config.scylla()));
        }
        kafka = new KafkaCheck(config.kafka());
        add("kafka", "Kafka", config.kafka().bootstrapServers(), "kafka.bootstrap.servers", kafka, kafka);
        Server.Check subjects = new RegistryCheck(config.registry(), registry);
        add("registry", "the schema registry", config.registry().url(), "schema.registry.url", subjects, subjects);
        add(
                "postgres",
                "PostgreSQL",
                config.postgres().address(),
                "postgres.url",
                new PostgresCheck(config.postgres()),
                () -> askThroughThePool(config.postgres()));
    }

    public List<Server> all() {
        return List.copyOf(all);
    }

    /** The pool waits for seconds before it says that there is no server, so a socket asks first. */
    private void askThroughThePool(PostgresConfig postgres) throws IOException {
        Listening.requireOne(postgres.hosts());
        routes.requestBody("direct:health-postgres", (Object) null);
    }

    /** The session waits for seconds before it says that there is no server, so a socket asks first. */
    private void askThroughTheSession(ScyllaConfig scylla) throws IOException {
        Listening.requireOne(scylla.contactPoints());
        routes.requestBody("direct:health-scylla", (Object) null);
    }

    private void add(String id, String name, String address, String property, Server.Check contact, Server.Check sign) {
        all.add(new Server(id, name, address, property, contact, sign));
    }

    @Override
    public void close() {
        kafka.close();
        routes.stop();
    }
}
