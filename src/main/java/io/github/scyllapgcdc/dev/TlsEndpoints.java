package io.github.scyllapgcdc.dev;

/**
 * Where a stack's servers speak TLS on a port of its own. ScyllaDB's stand-in and Postgres do so on the port that also takes plain
 * text.
 *
 * @param kafkaSasl host:port, SASL_SSL with SCRAM-SHA-512
 * @param kafkaMutual host:port, SSL; clients have to show a certificate
 * @param registryUrl https
 */
public record TlsEndpoints(String kafkaSasl, String kafkaMutual, String registryUrl) {}
