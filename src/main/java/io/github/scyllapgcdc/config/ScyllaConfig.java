package io.github.scyllapgcdc.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The ScyllaDB cluster.
 *
 * @param contactPoints nodes to ask first, {@code scylla.contact-points}
 * @param localDatacenter the data center whose nodes are queried, {@code scylla.local-datacenter}
 * @param login {@code scylla.username} and {@code scylla.password}; none for a cluster without authentication
 * @param tls {@code scylla.ssl.*}; empty: plain text
 */
public record ScyllaConfig(List<HostPort> contactPoints, String localDatacenter, Login login, Optional<ScyllaTls> tls) {
    public static final int DEFAULT_PORT = 9042;

    public ScyllaConfig {
        contactPoints = List.copyOf(contactPoints);
    }

    public static ScyllaConfig of(Settings settings) {
        return new ScyllaConfig(
                HostPort.list(
                        "scylla.contact-points",
                        settings.text("scylla.contact-points", "127.0.0.1:" + DEFAULT_PORT),
                        DEFAULT_PORT),
                settings.text("scylla.local-datacenter", "datacenter1"),
                new Login(settings.credentials("scylla")),
                ScyllaTls.of(settings));
    }

    /** For messages. */
    public String address() {
        return contactPoints.stream().map(HostPort::toString).collect(Collectors.joining(","));
    }
}
