package io.github.scyllapgcdc.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Apache Cassandra with the plug-in of package {@code dev.standin}, which gives it ScyllaDB's CDC log. It is not
 * ScyllaDB: no ScyllaDB binary can be had through Maven.
 */
final class ScyllaKind implements ServerKind {
    static final String DATACENTER = "datacenter1";
    private static final String MAIN_CLASS = "io.github.scyllapgcdc.dev.standin.ScyllaStandIn";
    private static final int STORAGE_PORT = 7000;
    private static final List<String> EXPORTS = List.of(
            "java.base/jdk.internal.misc",
            "java.management.rmi/com.sun.jmx.remote.internal.rmi",
            "java.rmi/sun.rmi.registry",
            "java.rmi/sun.rmi.server",
            "java.sql/java.sql",
            "java.base/java.lang.ref",
            "java.base/sun.nio.ch",
            "jdk.unsupported/sun.misc");
    private static final List<String> OPENS = List.of(
            "java.base/java.io",
            "java.base/java.lang.module",
            "java.base/java.lang.reflect",
            "java.base/java.nio",
            "java.base/java.util.concurrent",
            "java.base/jdk.internal.loader",
            "java.base/jdk.internal.math",
            "java.base/jdk.internal.module",
            "java.base/jdk.internal.ref",
            "java.base/jdk.internal.reflect",
            "java.base/jdk.internal.util.jar",
            "java.base/sun.nio.ch",
            "jdk.management/com.sun.management.internal");

    private final StackHome home;
    private List<Path> libraries;
    private int port;
    private int storagePort;

    ScyllaKind(StackHome home) {
        this.home = home;
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
        libraries = maven.classPath("org.apache.cassandra:cassandra-all:5.0.8");
        port = home.port(server());
        storagePort = home.port("scylla.storage", STORAGE_PORT);
        Files.createDirectories(home.folder(server()));
    }

    @Override
    public List<String> command() {
        JavaCommand java = new JavaCommand()
                .jvm("-Xms512m", "-Xmx768m", "-XX:+UseSerialGC", "-XX:MaxDirectMemorySize=256m", "-Xss512k")
                .jvm("-Djdk.attach.allowAttachSelf=true", "-Djava.net.preferIPv4Stack=true");
        EXPORTS.forEach(each -> java.jvm("--add-exports", each + "=ALL-UNNAMED"));
        OPENS.forEach(each -> java.jvm("--add-opens", each + "=ALL-UNNAMED"));
        return java.classPath(libraries)
                .running(
                        MAIN_CLASS,
                        home.folder(server()).toString(),
                        Integer.toString(port),
                        Integer.toString(storagePort));
    }

    @Override
    public void check() throws IOException {
        try (Stream<String> lines = Files.lines(home.log(server().id()), StandardCharsets.ISO_8859_1)) {
            if (lines.noneMatch("READY"::equals)) {
                throw new IOException("It has not said READY yet");
            }
        }
    }

    @Override
    public void settle() {
        ScyllaSeed.plant(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DATACENTER);
    }
}
