package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.ssl.ProgrammaticSslEngineFactory;
import com.scylladb.cdc.cql.CQLConfiguration;
import com.scylladb.cdc.cql.MasterCQL;
import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.HostPort;
import io.github.scyllapgcdc.config.ScyllaConfig;
import io.github.scyllapgcdc.fault.TlsRefusal;
import io.github.scyllapgcdc.source.generation.GenerationSession;
import io.github.scyllapgcdc.source.generation.GenerationTls;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The application's connections to ScyllaDB, made on first use, so that a cluster that is down fails what needs it, which is
 * tried again, and not the start of the process: one session of driver 4, and one of scylla-cdc-java's own driver 3, which
 * reads the table of generations and nothing else.
 */
public final class ScyllaSession implements Supplier<CqlSession>, AutoCloseable {
    private final ScyllaConfig config;
    private final GenerationSession generations;
    private CqlSession session;
    private PoolWatch pools;

    public ScyllaSession(ScyllaConfig config) {
        this.config = config;
        this.generations = new GenerationSession(this::generationsConfig);
        config.login().onChange(generations::renew);
    }

    private CQLConfiguration generationsConfig() {
        CQLConfiguration.Builder builder = CQLConfiguration.builder().withLocalDCName(config.localDatacenter());
        config.contactPoints().forEach(at -> builder.addContactPoint(at.host(), at.port()));
        config.login().current().ifPresent(c -> builder.withCredentials(c.username(), c.password()));
        config.tls().ifPresent(tls -> builder.withSslConfig(GenerationTls.of(tls)));
        return builder.build();
    }

    /**
     * The session, connected now if it is not yet.
     *
     * @throws ConfigurationException if the cluster refuses the credentials or has no such data center
     * @throws AllNodesFailedException if no contact point can be reached
     */
    @Override
    public synchronized CqlSession get() {
        if (session == null || session.isClosed()) {
            unwatch();
            session = connect();
            pools = new PoolWatch(session);
        }
        return session;
    }

    /** Where scylla-cdc-java finds generations and their streams; fails as {@link #get()} does. */
    public MasterCQL generations() {
        get(); // says in one line what is wrong, before driver 3 says it in its own way
        return generations.connected();
    }

    private CqlSession connect() {
        DriverConfigLoader options = DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(15))
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, Duration.ofSeconds(10))
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(10))
                .withDuration(DefaultDriverOption.RECONNECTION_MAX_DELAY, Duration.ofSeconds(5))
                .withString(DefaultDriverOption.SESSION_NAME, "scylla-pg-cdc")
                .build();
        CqlSessionBuilder builder = CqlSession.builder()
                .withConfigLoader(options)
                .withLocalDatacenter(config.localDatacenter())
                .addContactPoints(
                        config.contactPoints().stream().map(HostPort::address).toList());
        if (config.login().current().isPresent()) {
            builder.withAuthProvider(new LoginProvider(config.login()));
        }
        config.tls()
                .ifPresent(tls -> builder.withSslEngineFactory(
                        new ProgrammaticSslEngineFactory(tls.certificates().context(), null, tls.verifyHost())));
        try {
            return requireDatacenter(builder.build());
        } catch (AllNodesFailedException e) {
            throw refused(e)
                    ? refusedLogin(e)
                    : TlsRefusal.of(e)
                            .<RuntimeException>map(why -> refusedTls(why, e))
                            .orElse(e);
        }
    }

    /** The driver connects all the same and then finds no node for any query. */
    private CqlSession requireDatacenter(CqlSession connected) {
        SortedSet<String> known = new TreeSet<>();
        for (Node node : connected.getMetadata().getNodes().values()) {
            if (node.getDatacenter() != null) {
                known.add(node.getDatacenter());
            }
        }
        if (known.contains(config.localDatacenter())) {
            return connected;
        }
        connected.close();
        throw new ConfigurationException("scylla.local-datacenter=" + config.localDatacenter()
                + " is refused: the cluster at " + config.address() + " has " + String.join(", ", known));
    }

    private static boolean refused(AllNodesFailedException e) {
        return e.getAllErrors().values().stream()
                .flatMap(List::stream)
                .anyMatch(AuthenticationException.class::isInstance);
    }

    private ConfigurationException refusedLogin(AllNodesFailedException e) {
        String who = config.login()
                .username()
                .map(name -> "user '" + name + "' (scylla.username, scylla.password)")
                .orElse("a login without user: set scylla.username and scylla.password");
        return new ConfigurationException("ScyllaDB at " + config.address() + " refused " + who, e);
    }

    private ConfigurationException refusedTls(String why, AllNodesFailedException e) {
        return new ConfigurationException("ScyllaDB at " + config.address() + " (scylla.ssl.*): " + why, e);
    }

    @Override
    public synchronized void close() {
        generations.close();
        unwatch();
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private void unwatch() {
        if (pools != null) {
            pools.close();
            pools = null;
        }
    }
}
