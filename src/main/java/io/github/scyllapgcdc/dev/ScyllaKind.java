package io.github.scyllapgcdc.dev;

import io.github.scyllapgcdc.dev.standin.StandInCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Apache Cassandra with the plug-in of package {@code dev.standin}, which gives it ScyllaDB's CDC log. It is not
 * ScyllaDB: no ScyllaDB binary can be had through Maven.
 */
final class ScyllaKind implements ServerKind {
    static final String DATACENTER = "datacenter1";
    private static final int STORAGE_PORT = 7000;
    private final StackHome home;
    private final boolean passwords;
    private final Optional<ServerCertificates> certificates;
    private List<Path> libraries;
    private int port;
    private int storagePort;

    /**
     * Not yet started.
     *
     * @param passwords whether clients have to log in
     * @param certificates what it speaks TLS with, to clients that begin so
     */
    ScyllaKind(StackHome home, boolean passwords, Optional<ServerCertificates> certificates) {
        this.certificates = certificates;
        this.home = home;
        this.passwords = passwords;
    }

    @Override
    public Server server() {
        return Server.SCYLLA;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void prepare(Libraries maven) throws IOException {
        libraries = maven.classPath(StandInCommand.CASSANDRA);
        port = home.port(server());
        storagePort = home.port("scylla.storage", STORAGE_PORT);
        Files.createDirectories(home.folder(server()));
    }

    @Override
    public List<String> command() {
        Path folder = home.folder(server());
        return new JavaCommand()
                .lateOptimizing()
                .jvm(StandInCommand.jvmOptions(folder).toArray(String[]::new))
                .classPath(libraries)
                .running(
                        StandInCommand.MAIN_CLASS,
                        StandInCommand.arguments(folder, port, storagePort, passwords, certificates)
                                .toArray(String[]::new));
    }

    @Override
    public void check() throws IOException {
        try (Stream<String> lines = Files.lines(home.log(server().id()), StandardCharsets.ISO_8859_1)) {
            if (lines.noneMatch(StandInCommand.READY::equals)) {
                throw new IOException("It has not said READY yet");
            }
        }
    }

    @Override
    public void settle() {
        ScyllaSeed.plant(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DATACENTER, passwords);
    }
}
