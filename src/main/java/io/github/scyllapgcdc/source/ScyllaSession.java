package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.ssl.ProgrammaticSslEngineFactory;
import com.datastax.oss.driver.internal.core.session.DefaultSession;
import com.scylladb.cdc.cql.CQLConfiguration;
import com.scylladb.cdc.cql.MasterCQL;
import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.HostPort;
import io.github.scyllapgcdc.config.ScyllaConfig;
import io.github.scyllapgcdc.fault.TlsRefusal;
import io.github.scyllapgcdc.source.generation.GenerationSession;
import io.github.scyllapgcdc.source.generation.GenerationTls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The application's connections to ScyllaDB, made on first use, so that a cluster that is down fails what needs it, which is
 * tried again, and not the start of the process: one session of driver 4, and one of scylla-cdc-java's own driver 3, which
 * reads the table of generations and nothing else.
 *
 * <p>Driver 4 connects again by itself, but for one case: a connection that is lost in the moment in which it was made. The node's
 * pool then takes its attempt for a success and makes no other. A session whose pools all came to that has no connection for queries
 * for ever, so it is replaced.
 */
public final class ScyllaSession implements Supplier<CqlSession>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScyllaSession.class);
    /** Several times the longest pause between the driver's own attempts. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Tasks look more often than that while they can't read; of what was in between nothing is known. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(90);

    private static final Set<String> ENDS = Set.of("close", "closeAsync", "forceCloseAsync");

    private final ScyllaConfig config;
    private final GenerationSession generations;
    private CqlSession session;
    private Optional<Alone> alone = Optional.empty();

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
    public CqlSession get() {
        CqlSession current = open();
        return isStranded(current) ? replaced(current) : current;
    }

    private synchronized CqlSession open() {
        if (session == null || session.isClosed()) {
            session = connect();
            alone = Optional.empty();
        }
        return session;
    }

    /** True for one caller in so many seconds: that one sees to it, and the others are not held up. */
    private synchronized boolean isStranded(CqlSession current) {
        if (!isAlone(current)) {
            alone = Optional.empty();
            return false;
        }
        long now = System.nanoTime();
        Alone seen = alone.filter(before -> now - before.lastNanos < FORGOTTEN.toNanos())
                .orElse(new Alone(now, now));
        boolean stranded = now - seen.sinceNanos > PATIENCE.toNanos();
        alone = Optional.of(new Alone(stranded ? now : seen.sinceNanos, now));
        return stranded;
    }

    /** Since when a session had no connection for queries, each time that somebody looked, and when that was last. */
    private record Alone(long sinceNanos, long lastNanos) {}

    /** Of a node's connections the driver's interface counts the one that is not for queries, too. */
    private static boolean isAlone(CqlSession current) {
        return ((DefaultSession) current).getPools().values().stream().allMatch(pool -> pool.size() == 0);
    }

    private CqlSession replaced(CqlSession stranded) {
        CqlSession made;
        try {
            made = connect();
        } catch (RuntimeException e) { // it is the cluster that is away, as whoever asks will find
            LOG.debug("ScyllaDB can't be connected anew", e);
            return stranded;
        }
        synchronized (this) {
            alone = Optional.empty();
            if (session != stranded || !isAlone(stranded)) { // closed in the meantime, or it has connections again
                made.closeAsync();
                return stranded;
            }
            session = made;
        }
        stranded.closeAsync();
        LOG.warn("ScyllaDB answers, and the session had no connection for {} s: connected anew", PATIENCE.toSeconds());
        return made;
    }

    /** For whom a session is to last: each call goes to the one that is in use then, but for its end, which is decided here. */
    public CqlSession lasting() {
        return (CqlSession) Proxy.newProxyInstance(
                CqlSession.class.getClassLoader(), new Class<?>[] {CqlSession.class}, (proxy, method, arguments) -> {
                    if (ENDS.contains(method.getName())) {
                        return method.getReturnType() == void.class ? null : CompletableFuture.completedFuture(null);
                    }
                    Object target = method.getDeclaringClass() == Object.class ? this : get();
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
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
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
