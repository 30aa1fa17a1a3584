package io.github.scyllapgcdc.dev;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where the servers of a running stack are.
 *
 * @param kafkaBootstrap host:port, plain text, no credentials
 * @param kafkaSaslBootstrap the same broker where clients log in: SASL_PLAINTEXT with SCRAM-SHA-512. It has no users at first.
 * @param registryUrl the base address of the Confluent-compatible interface
 * @param postgresJdbcUrl complete, with user and password, so that the address alone connects
 */
public record StackEndpoints(
        String scyllaHost,
        int scyllaPort,
        String scyllaDatacenter,
        String kafkaBootstrap,
        String kafkaSaslBootstrap,
        String registryUrl,
        String postgresJdbcUrl,
        String postgresUser,
        String postgresPassword,
        String vaultAddress,
        String vaultToken) {

    /** The application's properties that make it use this stack: the same keys as in production. */
    public Map<String, String> properties() {
        URI vault = URI.create(vaultAddress);
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("scylla.contact-points", scyllaHost + ":" + scyllaPort);
        properties.put("scylla.local-datacenter", scyllaDatacenter);
        properties.put("kafka.bootstrap.servers", kafkaBootstrap);
        properties.put("schema.registry.url", registryUrl);
        properties.put("postgres.url", postgresUrl());
        properties.put("camel.vault.hashicorp.scheme", vault.getScheme());
        properties.put("camel.vault.hashicorp.host", vault.getHost());
        properties.put("camel.vault.hashicorp.port", Integer.toString(vault.getPort()));
        properties.put("camel.vault.hashicorp.token", vaultToken);
        return properties;
    }

    /** The same as environment variables, as an application in a process of its own is given them. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        properties()
                .forEach((property, value) -> environment.put(
                        property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), value));
        return environment;
    }

    /** The JDBC address without credentials, as the application is given it. */
    public String postgresUrl() {
        int query = postgresJdbcUrl.indexOf('?');
        return query < 0 ? postgresJdbcUrl : postgresJdbcUrl.substring(0, query);
    }
}
