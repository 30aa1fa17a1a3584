package io.github.scyllapgcdc.dev.standin;

import io.github.scyllapgcdc.dev.ServerCertificates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the stand-in's JVM is started: {@code java <jvmOptions> -cp <this project's classes, cassandra-all and all it needs>
 * <MAIN_CLASS> <arguments>}. Free of Cassandra's classes, so that the parent can use it.
 */
public final class StandInCommand {
    public static final String MAIN_CLASS = "io.github.scyllapgcdc.dev.standin.ScyllaStandIn";
    /** What the child needs on its class path besides this project's classes, with all its dependencies. */
    public static final String CASSANDRA = "org.apache.cassandra:cassandra-all:5.0.8";
    /** The line on standard output that says CQL is served and the CDC generation is written. */
    public static final String READY = "READY";

    /** The role that Cassandra makes. */
    public static final String SUPERUSER = "cassandra";

    private static final int HEAP_MB = 512;

    /** Cassandra's own list for Java 17. */
    private static final List<String> EXPORTS = List.of(
            "java.base/jdk.internal.misc",
            "java.base/java.lang.ref",
            "java.base/sun.nio.ch",
            "java.management.rmi/com.sun.jmx.remote.internal.rmi",
            "java.rmi/sun.rmi.registry",
            "java.rmi/sun.rmi.server",
            "java.rmi/sun.rmi.transport.tcp",
            "java.sql/java.sql",
            "jdk.compiler/com.sun.tools.javac.file",
            "jdk.unsupported/sun.misc");

    private static final List<String> OPENS = List.of(
            "java.base/java.io",
            "java.base/java.lang",
            "java.base/java.lang.module",
            "java.base/java.lang.reflect",
            "java.base/java.math",
            "java.base/java.net",
            "java.base/java.nio",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.base/java.util.concurrent.atomic",
            "java.base/jdk.internal.loader",
            "java.base/jdk.internal.math",
            "java.base/jdk.internal.module",
            "java.base/jdk.internal.ref",
            "java.base/jdk.internal.reflect",
            "java.base/jdk.internal.util.jar",
            "java.base/jdk.internal.vm",
            "java.base/sun.nio.ch",
            "java.rmi/sun.rmi.transport.tcp",
            "jdk.compiler/com.sun.tools.javac.file",
            "jdk.management/com.sun.management.internal",
            "jdk.naming.dns/com.sun.jndi.dns");

    private StandInCommand() {}

    /** The options of the child JVM: bounded memory, what Cassandra reaches for inside the JDK, and its own logging. */
    public static List<String> jvmOptions(Path dataDir) {
        List<String> options = new ArrayList<>(List.of(
                "-Xms256m",
                "-Xmx" + HEAP_MB + "m",
                "-XX:MaxDirectMemorySize=128m",
                "-XX:+UseParallelGC",
                "-XX:+PerfDisableSharedMem",
                "-Djava.awt.headless=true",
                // Cassandra installs a security manager of its own
                "-Djava.security.manager=allow",
                "-Djdk.attach.allowAttachSelf=true",
                "-Dio.netty.tryReflectionSetAccessible=true",
                "-Djava.io.tmpdir=" + dataDir.toAbsolutePath(),
                "-Dstandin.log=" + dataDir.toAbsolutePath().resolve("standin.log"),
                "-Dlogback.configurationFile=io/github/scyllapgcdc/dev/standin/logback-standin.xml"));
        EXPORTS.forEach(name -> options.add("--add-exports=" + name + "=ALL-UNNAMED"));
        OPENS.forEach(name -> options.add("--add-opens=" + name + "=ALL-UNNAMED"));
        return List.copyOf(options);
    }

    /**
     * The arguments of {@link #MAIN_CLASS}. Both ports are on the loopback address.
     *
     * @param passwords whether clients have to log in; the first to do so is {@value #SUPERUSER}, whose password is its name
     * @param certificates what is spoken TLS with, to clients that begin so
     */
    public static List<String> arguments(
            Path dataDir,
            int nativePort,
            int storagePort,
            boolean passwords,
            Optional<ServerCertificates> certificates) {
        List<String> arguments = new ArrayList<>(List.of(
                dataDir.toAbsolutePath().toString(),
                Integer.toString(nativePort),
                Integer.toString(storagePort),
                Boolean.toString(passwords)));
        certificates.ifPresent(tls -> arguments.addAll(
                List.of(tls.keyStore().toString(), tls.trustStore().toString(), tls.password())));
        return List.copyOf(arguments);
    }
}
