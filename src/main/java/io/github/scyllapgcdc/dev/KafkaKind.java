package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** One Kafka broker that is its own KRaft controller, kept in a small heap. */
final class KafkaKind implements ServerKind {
    private static final int CONTROLLER_PORT = 9093;
    private static final int SASL_PORT = 9094;
    private static final int SASL_SSL_PORT = 9095;
    private static final int SSL_PORT = 9096;

    private final StackHome home;
    private final Optional<ServerCertificates> certificates;
    private List<Path> libraries;
    private int port;
    private int saslPort;
    private int saslSslPort;
    private int sslPort;

    /** @param certificates what it speaks TLS with on two more ports, one for passwords and one for clients' certificates */
    KafkaKind(StackHome home, Optional<ServerCertificates> certificates) {
        this.home = home;
        this.certificates = certificates;
    }

    @Override
    public Server server() {
        return Server.KAFKA;
    }

    @Override
    public int port() {
        return port;
    }

    String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Where clients have to log in, and log in again every few seconds, with a password that is right then. */
    String saslBootstrap() {
        return "127.0.0.1:" + saslPort;
    }

    /** The same over TLS. */
    String saslSslBootstrap() {
        return "127.0.0.1:" + saslSslPort;
    }

    /** Where clients show a certificate, over TLS. */
    String sslBootstrap() {
        return "127.0.0.1:" + sslPort;
    }

    @Override
    public void prepare(Libraries maven) throws IOException {
        libraries = maven.classPath(
                "org.apache.kafka:kafka_2.13:4.3.1", "org.apache.logging.log4j:log4j-slf4j-impl:2.24.3");
        port = home.port(server());
        saslPort = home.port("kafka.sasl", SASL_PORT);
        if (certificates.isPresent()) {
            saslSslPort = home.port("kafka.sasl-ssl", SASL_SSL_PORT);
            sslPort = home.port("kafka.ssl", SSL_PORT);
        }
        Files.createDirectories(folder());
        Files.writeString(
                configuration(),
                properties(home.port("kafka.controller", CONTROLLER_PORT))
                        + certificates.map(KafkaKind::tls).orElse(""));
        Files.writeString(folder().resolve("log4j2.properties"), LOGGING);
    }

    private Path folder() {
        return home.folder(server());
    }

    private Path configuration() {
        return folder().resolve("server.properties");
    }

    private Path data() {
        return folder().resolve("data");
    }

    private static String tls(ServerCertificates certificates) {
        return """
                ssl.keystore.type=PKCS12
                ssl.keystore.location=%1$s
                ssl.keystore.password=%3$s
                ssl.key.password=%3$s
                ssl.truststore.type=PKCS12
                ssl.truststore.location=%2$s
                ssl.truststore.password=%3$s
                listener.name.ssl.ssl.client.auth=required
                listener.name.sasl_ssl.sasl.enabled.mechanisms=SCRAM-SHA-512
                listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
                """.formatted(certificates.keyStore(), certificates.trustStore(), certificates.password());
    }

    private String properties(int controllerPort) {
        String tlsListeners =
                certificates.isEmpty() ? "" : ",SASL_SSL://127.0.0.1:" + saslSslPort + ",SSL://127.0.0.1:" + sslPort;
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,SASL_PLAINTEXT://127.0.0.1:%4$d%5$s,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d,SASL_PLAINTEXT://127.0.0.1:%4$d%5$s
                controller.listener.names=CONTROLLER
                inter.broker.listener.name=PLAINTEXT
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL,CONTROLLER:PLAINTEXT
                listener.name.sasl_plaintext.sasl.enabled.mechanisms=SCRAM-SHA-512
                listener.name.sasl_plaintext.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
                listener.name.sasl_plaintext.scram-sha-512.connections.max.reauth.ms=10000
                log.dirs=%3$s
                auto.create.topics.enable=false
                default.replication.factor=1
                min.insync.replicas=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                share.coordinator.state.topic.num.partitions=1
                group.initial.rebalance.delay.ms=0
                num.network.threads=2
                num.io.threads=4
                background.threads=2
                # The default of 128 MB would not fit into this heap
                log.cleaner.dedupe.buffer.size=8388608
                controlled.shutdown.max.retries=1
                """.formatted(port, controllerPort, data(), saslPort, tlsListeners);
    }

    private static final String LOGGING = """
            appender.out.type=Console
            appender.out.name=out
            appender.out.layout.type=PatternLayout
            appender.out.layout.pattern=%d{ISO8601} %-5p %m (%c{1})%n
            rootLogger.level=INFO
            rootLogger.appenderRef.out.ref=out
            logger.snapshots.name=org.apache.kafka.storage.internals
            logger.snapshots.level=WARN
            logger.config.name=org.apache.kafka.common.config
            logger.config.level=WARN
            """;

    @Override
    public List<String> command() {
        return new JavaCommand()
                .lateOptimizing()
                .jvm("-Xms128m", "-Xmx320m", "-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=128m")
                .jvm("-Dlog4j2.configurationFile=" + folder().resolve("log4j2.properties"))
                .classPath(libraries)
                .running(KafkaMain.class.getName(), configuration().toString());
    }

    @Override
    public void check() throws Exception {
        Sockets.connect(port);
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 2000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5000))) {
            if (admin.describeCluster().nodes().get().isEmpty()) {
                throw new IOException("The broker is not registered yet");
            }
            admin.listTopics().names().get();
        } catch (RuntimeException e) {
            throw new IOException(e);
        }
    }
}
