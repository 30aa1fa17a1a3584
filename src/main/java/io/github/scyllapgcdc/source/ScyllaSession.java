package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import io.github.scyllapgcdc.config.HostPort;
import io.github.scyllapgcdc.config.ScyllaConfig;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The application's one CQL session, connected on first use, so that a cluster that is down fails what needs it, which is
 * tried again, and not the start of the process.
 */
public final class ScyllaSession implements Supplier<CqlSession>, AutoCloseable {
    private final ScyllaConfig config;
    private CqlSession session;

    public ScyllaSession(ScyllaConfig config) {
        this.config = config;
    }

    /**
     * The session, connected now if it is not yet.
     *
     * @throws com.datastax.oss.driver.api.core.AllNodesFailedException if no contact point can be reached, or all refuse
     *     the credentials
     */
    @Override
    public synchronized CqlSession get() {
        if (session == null || session.isClosed()) {
            session = connect();
        }
        return session;
    }

    private CqlSession connect() {
        DriverConfigLoader options = DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(10))
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(5))
                .withString(DefaultDriverOption.SESSION_NAME, "scylla-pg-cdc")
                .build();
        CqlSessionBuilder builder = CqlSession.builder()
                .withConfigLoader(options)
                .withLocalDatacenter(config.localDatacenter())
                .addContactPoints(
                        config.contactPoints().stream().map(HostPort::address).toList());
        config.credentials()
                .ifPresent(credentials -> builder.withAuthCredentials(credentials.username(), credentials.password()));
        return builder.build();
    }

    @Override
    public synchronized void close() {
        if (session != null) {
            session.close();
        }
    }
}
