package io.github.scyllapgcdc.pipeline;

import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** Networks between one application and its servers, which can fail. Kafka's is none: its broker says itself where it is. */
final class Networks implements AutoCloseable {
    private final StackEndpoints endpoints;
    private final TcpProxy scylla;
    private final TcpProxy postgres;
    private final TcpProxy registry;

    Networks(StackEndpoints endpoints) throws IOException {
        this.endpoints = endpoints;
        scylla = new TcpProxy(endpoints.scyllaPort());
        postgres = new TcpProxy(postgresPort());
        registry = new TcpProxy(URI.create(endpoints.registryUrl()).getPort());
    }

    private int postgresPort() {
        return URI.create(endpoints.postgresUrl().substring("jdbc:".length())).getPort();
    }

    TcpProxy scylla() {
        return scylla;
    }

    TcpProxy postgres() {
        return postgres;
    }

    TcpProxy registry() {
        return registry;
    }

    /** What the application needs in its environment to go through them. */
    Map<String, String> environment() {
        return Map.of(
                "SCYLLA_CONTACT_POINTS",
                "127.0.0.1:" + scylla.port(),
                "POSTGRES_URL",
                endpoints.postgresUrl().replace(":" + postgresPort(), ":" + postgres.port()),
                "SCHEMA_REGISTRY_URL",
                endpoints
                        .registryUrl()
                        .replace(":" + URI.create(endpoints.registryUrl()).getPort(), ":" + registry.port()),
                "SOURCE_SNAPSHOT",
                "never");
    }

    @Override
    public void close() throws IOException {
        scylla.close();
        postgres.close();
        registry.close();
    }
}
