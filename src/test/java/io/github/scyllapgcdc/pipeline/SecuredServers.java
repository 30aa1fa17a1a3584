package io.github.scyllapgcdc.pipeline;

import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.dev.TestVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A Vault of short leases, and users at the stack's Postgres and Kafka whose passwords a test changes. The application logs in at
 * Vault by AppRole, with a secret id from a file and tokens that live for 14 s.
 */
final class SecuredServers implements AutoCloseable {
    static final String KAFKA_USER = "pipeline";

    private final StackEndpoints stack = TestStack.get().endpoints();
    private final Path folder;
    private final TestVault vault;
    private final Connection superuser;

    SecuredServers(Path folder) throws IOException, SQLException {
        this.folder = folder;
        superuser = DriverManager.getConnection(stack.postgresUrl(), "postgres", stack.postgresPassword());
        vault = new TestVault(folder, Duration.ofSeconds(9), Duration.ofSeconds(14));
    }

    TestVault vault() {
        return vault;
    }

    /** What the application needs to log in everywhere, but at ScyllaDB. */
    Map<String, String> environment() throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("KAFKA_BOOTSTRAP_SERVERS", stack.kafkaSaslBootstrap());
        environment.put("KAFKA_CLIENT_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
        environment.put("KAFKA_CLIENT_SASL_MECHANISM", "SCRAM-SHA-512");
        environment.put(
                "KAFKA_CLIENT_SASL_JAAS_CONFIG",
                "org.apache.kafka.common.security.scram.ScramLoginModule required "
                        + "username=\"{{hashicorp:cdc:kafka#username}}\" password=\"{{hashicorp:cdc:kafka#password}}\";");
        environment.put(
                "CAMEL_VAULT_HASHICORP_PORT", String.valueOf(vault.address().getPort()));
        environment.put("CAMEL_VAULT_HASHICORP_TOKEN", null); // the stack's
        environment.put("VAULT_APPROLE_ROLE_ID", TestVault.ROLE_ID);
        Path secretId = Files.writeString(folder.resolve("secret-id"), TestVault.SECRET_ID);
        environment.put(
                "VAULT_APPROLE_SECRET_ID_FILE", secretId.toAbsolutePath().toString());
        environment.put("SOURCE_SNAPSHOT", "never");
        return environment;
    }

    /** Writes a secret of a user name and a password, {@code postgres} and the like. */
    void store(String secret, String username, String password) throws IOException {
        vault.put("cdc/" + secret, Map.of("username", username, "password", password));
    }

    /** Gives a role that works as the owner of the pipeline's tables a password. */
    void postgresPassword(String role, String password) throws SQLException {
        if (number("SELECT count(*) FROM pg_roles WHERE rolname = '" + role + "'") == 0) {
            run("CREATE ROLE " + role + " LOGIN IN ROLE cdc");
            run("ALTER ROLE " + role + " SET role TO cdc");
        }
        run("ALTER ROLE " + role + " PASSWORD '" + password + "'");
    }

    void endConnections(String role) throws SQLException {
        run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + role + "'");
    }

    long connections(String role) throws SQLException {
        return number("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + role + "'");
    }

    /** Those that are encrypted and showed this certificate, or those that are not and did not. */
    long connections(String role, String certificate, boolean shown) throws SQLException {
        return number("SELECT count(*) FROM pg_stat_activity AS a JOIN pg_stat_ssl AS s USING (pid) WHERE usename = '"
                + role + "' AND " + (shown ? "" : "NOT ") + "coalesce(s.ssl AND s.client_dn = '/CN=" + certificate
                + "', false)");
    }

    void kafkaPassword(String password) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.kafkaBootstrap()))) {
            ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(KAFKA_USER, scram, password)))
                    .all()
                    .get();
        }
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = superuser.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        vault.close();
        superuser.close();
    }
}
