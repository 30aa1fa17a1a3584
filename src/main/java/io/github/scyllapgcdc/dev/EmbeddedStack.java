package io.github.scyllapgcdc.dev;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The servers that the pipeline needs, as children of this JVM. They are started side by side and each is ready when it
 * answers in its own protocol; none outlives this JVM. Data and ports stay the same over restarts of the same folder.
 */
public final class EmbeddedStack implements AutoCloseable {
    private final StackHome home;
    private final boolean fresh;
    private final StackListener listener;
    private final InetSocketAddress realScylla;
    private final String realDatacenter;
    private final ScyllaKind scylla;
    private final KafkaKind kafka;
    private final RegistryKind registry;
    private final PostgresKind postgres;
    private final VaultKind vault;
    private final Map<Server, ServerProcess> servers = new EnumMap<>(Server.class);
    private final Map<Server, ServerKind> kinds = new EnumMap<>(Server.class);
    private boolean closed;

    private EmbeddedStack(Builder builder) {
        home = new StackHome(builder.dataDir, builder.wellKnownPorts);
        fresh = builder.fresh;
        listener = builder.listener;
        realScylla = builder.realScylla;
        realDatacenter = builder.realDatacenter;
        scylla = new ScyllaKind(home, builder.scyllaPasswords, builder.certificates);
        kafka = new KafkaKind(home, builder.certificates);
        registry = new RegistryKind(home, builder.certificates);
        postgres = new PostgresKind(home, builder.certificates);
        vault = new VaultKind(home);
        for (ServerKind kind : List.of(scylla, kafka, registry, postgres, vault)) {
            if (builder.servers.contains(kind.server())) {
                kinds.put(kind.server(), kind);
            }
        }
    }

    /** A stack that keeps all it writes under this folder. */
    public static Builder builder(Path dataDir) {
        return new Builder(dataDir);
    }

    /**
     * Starts the servers and returns when all are ready.
     *
     * @throws StackException when one cannot be had or does not come up; the others are stopped again
     */
    public EmbeddedStack start() {
        long begin = System.nanoTime();
        if (fresh) {
            home.wipe();
        }
        ExecutorService threads = Executors.newFixedThreadPool(kinds.size());
        try (Libraries libraries = new Libraries(StackHome.cache().resolve("libraries.properties"), listener)) {
            ExecutorCompletionService<Server> starts = new ExecutorCompletionService<>(threads);
            for (ServerKind kind : kinds.values()) {
                starts.submit(() -> start(kind, libraries, begin));
            }
            for (int ready = 0; ready < kinds.size(); ready++) {
                starts.take().get();
            }
            if (realScylla != null) {
                ScyllaSeed.plant(realScylla, realDatacenter, false);
            }
            return this;
        } catch (ExecutionException e) {
            threads.shutdownNow();
            close();
            throw e.getCause() instanceof StackException known
                    ? known
                    : new StackException("The embedded stack did not start: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            threads.shutdownNow();
            close();
            Thread.currentThread().interrupt();
            throw new StackException("The start of the embedded stack was given up");
        } finally {
            threads.shutdown();
        }
    }

    private Server start(ServerKind kind, Libraries libraries, long begin) throws Exception {
        listener.resolving(kind.server());
        kind.prepare(libraries);
        ServerProcess process = new ServerProcess(kind, home.log(kind.server().id()), listener);
        synchronized (servers) {
            if (closed) {
                throw new StackException("The embedded stack was closed while it started");
            }
            servers.put(kind.server(), process);
            process.launch();
        }
        process.awaitReady();
        listener.ready(kind.server(), Duration.ofNanos(System.nanoTime() - begin));
        return kind.server();
    }

    /** Where the servers are; ports of servers that this stack leaves out are 0. */
    public StackEndpoints endpoints() {
        return new StackEndpoints(
                realScylla == null ? "127.0.0.1" : realScylla.getHostString(),
                realScylla == null ? scylla.port() : realScylla.getPort(),
                realScylla == null ? ScyllaKind.DATACENTER : realDatacenter,
                kafka.bootstrap(),
                kafka.saslBootstrap(),
                registry.url(),
                postgres.jdbcUrl(),
                PostgresKind.USER,
                postgres.password(),
                vault.address(),
                vault.token());
    }

    /** Where the servers speak TLS on ports of their own; of no use in a stack without {@linkplain Builder#tls certificates}. */
    public TlsEndpoints tlsEndpoints() {
        return new TlsEndpoints(kafka.saslSslBootstrap(), kafka.sslBootstrap(), registry.tlsUrl());
    }

    /** One server, to freeze, kill or restart. */
    public ServerProcess server(Server server) {
        synchronized (servers) {
            ServerProcess process = servers.get(server);
            if (process == null) {
                throw new IllegalArgumentException("This stack was built without " + server);
            }
            return process;
        }
    }

    /** A free loopback port for something that belongs to this stack, the same one at the next start if it is free. */
    public int port(String purpose, int preferred) {
        return home.port(purpose, preferred);
    }

    /** A password for something that belongs to this stack, the same one at every start. */
    public String secret(String purpose) {
        return home.secret(purpose);
    }

    /** The log file of something that belongs to this stack. */
    public Path log(String name) {
        return home.log(name);
    }

    /** Stops all servers side by side, by force those that take longer than eight seconds. */
    @Override
    public void close() {
        List<ServerProcess> running;
        synchronized (servers) {
            closed = true;
            running = new ArrayList<>(servers.values());
        }
        running.forEach(ServerProcess::requestStop);
        running.forEach(ServerProcess::awaitStop);
    }

    /** What a stack is made of; all five servers unless told otherwise. */
    public static final class Builder {
        private final Path dataDir;
        private boolean fresh;
        private boolean wellKnownPorts;
        private StackListener listener = StackListener.SILENT;
        private EnumSet<Server> servers = EnumSet.allOf(Server.class);
        private boolean scyllaPasswords;
        private Optional<ServerCertificates> certificates = Optional.empty();
        private InetSocketAddress realScylla;
        private String realDatacenter;

        private Builder(Path dataDir) {
            this.dataDir = dataDir;
        }

        /** Whether to forget what the folder's servers held. */
        public Builder fresh(boolean forget) {
            fresh = forget;
            return this;
        }

        /** Whether to try the servers' well-known ports first, for people; else any free ones. */
        public Builder wellKnownPorts(boolean first) {
            wellKnownPorts = first;
            return this;
        }

        public Builder listener(StackListener follower) {
            listener = follower;
            return this;
        }

        public Builder servers(EnumSet<Server> wanted) {
            servers = EnumSet.copyOf(wanted);
            return this;
        }

        /** Whether the stand-in for ScyllaDB has its clients log in; its first user and password are {@code cassandra}. */
        public Builder scyllaPasswords(boolean asked) {
            scyllaPasswords = asked;
            return this;
        }

        /** Has the servers, but Vault, speak TLS as well as plain text. */
        public Builder tls(ServerCertificates with) {
            certificates = Optional.of(with);
            return this;
        }

        /** Uses a ScyllaDB that runs already in place of the stand-in. */
        public Builder scylla(String host, int port, String datacenter) {
            realScylla = InetSocketAddress.createUnresolved(host, port);
            realDatacenter = datacenter;
            servers.remove(Server.SCYLLA);
            return this;
        }

        public EmbeddedStack build() {
            return new EmbeddedStack(this);
        }
    }
}
