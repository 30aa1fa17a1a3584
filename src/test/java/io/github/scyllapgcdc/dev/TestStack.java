package io.github.scyllapgcdc.dev;

import java.nio.file.Path;

/**
 * The embedded stack that all integration tests of a run share: started by the first one that asks, stopped with the
 * JVM. Its servers speak TLS as well, with {@link TestCertificates}. When {@code SCYLLA_HOST} is set, the tests run against that ScyllaDB (port {@code SCYLLA_PORT}, data center
 * {@code SCYLLA_DATACENTER}) in place of the stand-in. Each test makes keyspaces and topics of its own.
 */
public final class TestStack {
    private static EmbeddedStack stack;

    private TestStack() {}

    /** Where its servers keep their data; test runs side by side have one each. */
    public static Path folder() {
        return Path.of("target", "test-stack-" + System.getProperty("test.fork", "1"));
    }

    public static synchronized EmbeddedStack get() {
        if (stack == null) {
            EmbeddedStack.Builder builder = EmbeddedStack.builder(folder())
                    .fresh(true)
                    .tls(TestCertificates.get().server());
            String host = System.getenv("SCYLLA_HOST");
            if (host != null && !host.isBlank()) {
                builder.scylla(
                        host,
                        Integer.parseInt(System.getenv().getOrDefault("SCYLLA_PORT", "9042")),
                        System.getenv().getOrDefault("SCYLLA_DATACENTER", "datacenter1"));
            }
            EmbeddedStack started = builder.build();
            Runtime.getRuntime().addShutdownHook(new Thread(started::close, "stop-test-stack"));
            stack = started.start();
        }
        return stack;
    }
}
