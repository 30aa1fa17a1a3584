package io.github.scyllapgcdc.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStackIT {
    /** All but the heaviest server, which has the shared stack to show itself in. */
    private static final EnumSet<Server> LIGHT = EnumSet.complementOf(EnumSet.of(Server.SCYLLA));

    @TempDir
    Path dir;

    @Test
    void serversKeepTheirDataAndPortsOverARestart() throws Exception {
        // Given a stack with something in each server
        StackEndpoints first;
        try (EmbeddedStack stack =
                EmbeddedStack.builder(dir).servers(LIGHT).build().start()) {
            first = stack.endpoints();
            try (Admin admin = admin(first);
                    Connection postgres = DriverManager.getConnection(first.postgresJdbcUrl())) {
                admin.createTopics(Set.of(new NewTopic("kept", 1, (short) 1)))
                        .all()
                        .get();
                postgres.createStatement().execute("CREATE TABLE kept AS SELECT 42 AS answer");
            }
            Http.expect(
                    200, Http.post(first.registryUrl() + "/subjects/kept/versions", "{\"schema\":\"\\\"long\\\"\"}"));
            // A kill is the hardest restart
            stack.server(Server.REGISTRY).kill();
            stack.server(Server.POSTGRES).kill();
        }

        // When it is started again
        try (EmbeddedStack stack =
                EmbeddedStack.builder(dir).servers(LIGHT).build().start()) {
            // Then it is where it was, with what it had
            assertThat(stack.endpoints()).isEqualTo(first);
            try (Admin admin = admin(first);
                    Connection postgres = DriverManager.getConnection(first.postgresJdbcUrl());
                    ResultSet rows = postgres.createStatement().executeQuery("SELECT answer FROM kept")) {
                assertThat(admin.listTopics().names().get()).contains("kept");
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isEqualTo(42);
            }
            assertThat(Http.get(first.registryUrl() + "/subjects").body()).contains("kept");
            assertThat(Http.get(first.registryUrl() + "/config").body()).contains("BACKWARD");
        }
    }

    @Test
    void takenPortsAreAvoided() throws Exception {
        // Given somebody else on Vault's well-known port
        try (ServerSocket other = new ServerSocket()) {
            other.setReuseAddress(true);
            if (!canBind(other, Server.VAULT.preferredPort())) {
                assertThat(other.isBound()).isFalse();
            }

            // When a stack that wants the well-known ports starts
            try (EmbeddedStack stack = EmbeddedStack.builder(dir)
                    .wellKnownPorts(true)
                    .servers(EnumSet.of(Server.VAULT))
                    .build()
                    .start()) {
                // Then it serves on another one
                int port = stack.server(Server.VAULT).port();
                assertThat(port).isNotEqualTo(Server.VAULT.preferredPort());
                assertThat(Http.get(stack.endpoints().vaultAddress() + "/v1/sys/health")
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    private static boolean canBind(ServerSocket socket, int port) throws java.io.IOException {
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (java.net.BindException taken) {
            // By another program, which serves this test as well
            return false;
        }
    }

    @Test
    void aFrozenServerAnswersAgainWhenItIsResumed() throws Exception {
        try (EmbeddedStack stack = EmbeddedStack.builder(dir)
                .servers(EnumSet.of(Server.POSTGRES))
                .build()
                .start()) {
            // Given a frozen PostgreSQL
            String url = stack.endpoints().postgresJdbcUrl();
            stack.server(Server.POSTGRES).pause();
            assertThat(canQuery(url + "&socketTimeout=1&loginTimeout=1")).isFalse();

            // When it runs on
            stack.server(Server.POSTGRES).resume();

            // Then it answers
            await().atMost(Duration.ofSeconds(10)).until(() -> canQuery(url));
        }
    }

    private static boolean canQuery(String url) {
        try (Connection connection = DriverManager.getConnection(url)) {
            return connection.isValid(1);
        } catch (java.sql.SQLException e) {
            return false;
        }
    }

    @Test
    void noServerOutlivesAParentThatWasKilled() throws Exception {
        // Given a stack in another JVM
        Process parent = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StackParent.class.getName(),
                        dir.toString()))
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("parent.log").toFile())
                .start();
        await().atMost(Duration.ofMinutes(2))
                .until(() -> java.nio.file.Files.readString(dir.resolve("parent.log"))
                        .contains("RUNNING"));
        List<ProcessHandle> children = parent.descendants().toList();
        assertThat(children).hasSizeGreaterThan(LIGHT.size());

        // When it is killed without a chance to clean up
        parent.destroyForcibly().waitFor();

        // Then its servers end by themselves
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
    }

    /** Starts a stack and waits to be killed. */
    static final class StackParent {
        private StackParent() {}

        public static void main(String[] args) throws Exception {
            EmbeddedStack.builder(Path.of(args[0])).servers(LIGHT).build().start();
            System.out.println("RUNNING");
            Thread.currentThread().join();
        }
    }

    private static Admin admin(StackEndpoints endpoints) {
        return Admin.create(Map.of("bootstrap.servers", endpoints.kafkaBootstrap()));
    }
}
