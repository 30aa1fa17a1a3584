package io.github.scyllapgcdc.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.config.VaultConfig;
import io.github.scyllapgcdc.dev.TestVault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultLoginTest {
    private static final String USERNAME = "cdc:scylla#username";

    @TempDir
    Path dir;

    private final Map<String, String> properties = new HashMap<>();
    private TestVault vault;
    private VaultSecrets secrets;

    /** Tokens of AppRole live for 9 s, and for 14 s if they are renewed. */
    @BeforeEach
    void startVault() throws IOException {
        vault = new TestVault(dir, Duration.ofSeconds(9), Duration.ofSeconds(14));
        vault.put("cdc/scylla", Map.of("username", "alice"));
        properties.put(
                "camel.vault.hashicorp.port", String.valueOf(vault.address().getPort()));
        properties.put("vault.start-timeout.ms", "0");
    }

    @AfterEach
    void stop() {
        secrets.close();
        vault.close();
    }

    @Test
    void anAppRoleLogsInWithItsIds() {
        properties.put("vault.approle.role-id", TestVault.ROLE_ID);
        properties.put("vault.approle.secret-id", TestVault.SECRET_ID);

        assertThat(secrets().apply(USERNAME)).isEqualTo("alice");
    }

    @Test
    void anAppRoleOutlivesItsTokensAndReadsARotatedSecretIdFromItsFile() throws IOException {
        // Given an application whose secret id is in a file
        Path file = Files.writeString(dir.resolve("secret-id"), TestVault.SECRET_ID + "\n");
        properties.put("vault.approle.role-id", TestVault.ROLE_ID);
        properties.put("vault.approle.secret-id.file", file.toString());
        assertThat(secrets().apply(USERNAME)).isEqualTo("alice");

        // When the secret id is rotated
        vault.changeSecretId("the-next-one");
        Files.writeString(file, "the-next-one");

        // Then the secret can be read beyond the end of the first token, at any time
        Instant end = Instant.now().plusSeconds(20);
        Awaitility.await()
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    secrets.forget();
                    assertThat(secrets.apply(USERNAME)).isEqualTo("alice");
                    return Instant.now().isAfter(end);
                });
    }

    @Test
    void aTokenInAFileIsReadAgainWhenTheOldOneIsRefused() throws IOException {
        // Given an agent's token that is no longer good
        Path file = Files.writeString(dir.resolve("token"), "an-old-one");
        properties.put("vault.token.file", file.toString());
        assertThatThrownBy(() -> secrets().apply(USERNAME)).hasMessageContaining("was refused by Vault");

        // When the agent writes the next one
        Files.writeString(file, TestVault.ROOT_TOKEN + "\n");

        // Then that is used
        assertThat(secrets.apply(USERNAME)).isEqualTo("alice");
    }

    @Test
    void aWrongSecretIdIsRefusedAndNotRepeated() {
        properties.put("vault.approle.role-id", TestVault.ROLE_ID);
        properties.put("vault.approle.secret-id", "guessed-0815");

        assertThatThrownBy(() -> secrets().apply(USERNAME))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the log-in was refused by Vault at " + vault.address())
                .hasMessageContaining("vault.approle.*")
                .hasMessageContaining("invalid role or secret ID")
                .hasMessageNotContaining("guessed");
    }

    @Test
    void aMissingFileNamesItsProperty() {
        properties.put("vault.token.file", "/no/such/file");

        assertThatThrownBy(() -> secrets().apply(USERNAME))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("vault.token.file=/no/such/file is refused: expected a file that can be read");
    }

    private VaultSecrets secrets() {
        secrets = new VaultSecrets(() -> VaultConfig.of(Settings.of(properties)), () -> false);
        return secrets;
    }
}
