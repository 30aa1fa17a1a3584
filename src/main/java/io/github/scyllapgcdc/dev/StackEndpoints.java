package io.github.scyllapgcdc.dev;

import java.net.URI;
import java.util.LinkedHashMap;
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

    /** What the application needs in its environment to use this stack: the same keys as in production. */
    public Map<String, String> environment() {
        URI vault = URI.create(vaultAddress);
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("SCYLLA_CONTACT_POINTS", scyllaHost + ":" + scyllaPort);
        environment.put("SCYLLA_LOCAL_DATACENTER", scyllaDatacenter);
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafkaBootstrap);
        environment.put("SCHEMA_REGISTRY_URL", registryUrl);
        environment.put("POSTGRES_URL", postgresUrl());
        environment.put("CAMEL_VAULT_HASHICORP_SCHEME", vault.getScheme());
        environment.put("CAMEL_VAULT_HASHICORP_HOST", vault.getHost());
        environment.put("CAMEL_VAULT_HASHICORP_PORT", Integer.toString(vault.getPort()));
        environment.put("CAMEL_VAULT_HASHICORP_TOKEN", vaultToken);
        return environment;
    }

    /** The JDBC address without credentials, as the application is given it. */
    public String postgresUrl() {
        int query = postgresJdbcUrl.indexOf('?');
        return query < 0 ? postgresJdbcUrl : postgresJdbcUrl.substring(0, query);
    }
}
