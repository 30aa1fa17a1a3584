package io.github.scyllapgcdc.dev;

import java.util.Locale;

/** The servers of the embedded stack. */
public enum Server {
    /** Apache Cassandra with a plug-in that gives it ScyllaDB's CDC log; not ScyllaDB itself. */
    SCYLLA("Scylla stand-in (Cassandra 5.0.8 with a CDC plug-in)", 9042),
    KAFKA("Kafka 4.3.1", 9092),
    /** Apicurio Registry, spoken to through its Confluent-compatible interface. */
    REGISTRY("Schema registry (Apicurio 3.0.9)", 8081),
    POSTGRES("PostgreSQL 18.6", 5432),
    /** A few hundred lines that answer like HashiCorp Vault; not Vault itself. */
    VAULT("Vault stand-in (KV v2, AppRole)", 8200);

    private final String label;
    private final int preferredPort;

    Server(String label, int preferredPort) {
        this.label = label;
        this.preferredPort = preferredPort;
    }

    /** What a person calls it. */
    public String label() {
        return label;
    }

    /** The name of its folder, its log file and its entries in the stack's own files. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    int preferredPort() {
        return preferredPort;
    }
}
