package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Apicurio Registry with its own database file, as a registry of Confluent's interface. */
final class RegistryKind implements ServerKind {
    private static final int TLS_PORT = 8443;
    private static final String VERSION = "3.0.9";

    private final StackHome home;
    private final Optional<ServerCertificates> certificates;
    private Path program;
    private int port;
    private int tlsPort;

    /** @param certificates what it speaks TLS with on one more port */
    RegistryKind(StackHome home, Optional<ServerCertificates> certificates) {
        this.home = home;
        this.certificates = certificates;
    }

    @Override
    public Server server() {
        return Server.REGISTRY;
    }

    @Override
    public int port() {
        return port;
    }

    String url() {
        return "http://127.0.0.1:" + port + "/apis/ccompat/v7";
    }

    /** The same over TLS. */
    String tlsUrl() {
        return "https://127.0.0.1:" + tlsPort + "/apis/ccompat/v7";
    }

    @Override
    public void prepare(Libraries maven) throws IOException {
        String name = "apicurio-registry-app-" + VERSION;
        Path archive = maven.file("io.apicurio:apicurio-registry-app:tar.gz:all:" + VERSION);
        program = Archives.unpacked(name, () -> new GZIPInputStream(Files.newInputStream(archive)))
                .resolve(name + "-runner.jar");
        port = home.port(server());
        if (certificates.isPresent()) {
            tlsPort = home.port("registry.tls", TLS_PORT);
        }
        Files.createDirectories(home.folder(server()));
    }

    @Override
    public List<String> command() {
        // Records in Kafka hold schema ids, so an id that was given must survive a kill: no delayed writes
        String database = "jdbc:h2:file:" + home.folder(server()).resolve("registry")
                + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0;CACHE_SIZE=8192";
        JavaCommand java = new JavaCommand();
        certificates.ifPresent(tls -> java.jvm(
                "-Dquarkus.http.ssl-port=" + tlsPort,
                "-Dquarkus.http.ssl.certificate.key-store-file=" + tls.keyStore(),
                "-Dquarkus.http.ssl.certificate.key-store-file-type=PKCS12",
                "-Dquarkus.http.ssl.certificate.key-store-password=" + tls.password(),
                "-Dquarkus.http.insecure-requests=enabled"));
        return java.jvm("-Xms64m", "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .jvm("-Djava.util.logging.manager=org.jboss.logmanager.LogManager")
                .jvm("-Dquarkus.http.host=127.0.0.1", "-Dquarkus.http.port=" + port)
                .jvm("-Dquarkus.http.access-log.enabled=false")
                .jvm("-Dapicurio.storage.kind=sql", "-Dapicurio.storage.sql.kind=h2")
                .jvm("-Dapicurio.datasource.url=" + database)
                .jvm("-Dapicurio.datasource.jdbc.initial-size=2", "-Dapicurio.datasource.jdbc.min-size=2")
                .jvm("-Dapicurio.datasource.jdbc.max-size=10")
                // Its default of 5 s is too short to open the database on a machine that starts five servers at once
                .jvm("-Dquarkus.datasource.h2.jdbc.acquisition-timeout=60S")
                .classPath(List.of(program))
                .running("io.quarkus.runner.GeneratedMain");
    }

    @Override
    public void check() throws Exception {
        Http.expect(200, Http.get(url() + "/subjects"));
    }

    @Override
    public void settle() throws Exception {
        // Apicurio checks nothing unless told, where Confluent's registry defaults to this
        Http.expect(200, Http.put(url() + "/config", "{\"compatibility\":\"BACKWARD\"}"));
    }
}
