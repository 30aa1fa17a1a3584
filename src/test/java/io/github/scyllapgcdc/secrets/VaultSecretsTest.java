package io.github.scyllapgcdc.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.config.VaultConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VaultSecretsTest {
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Properties properties = new Properties();
    private HttpServer vault;
    private VaultSecrets secrets;
    private volatile boolean sealed;

    /** A Vault that holds one secret, cdc/scylla, of one field. */
    @BeforeEach
    void startVault() throws IOException {
        vault = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vault.createContext("/v1/cdc/data/", this::answer);
        vault.start();
    }

    @AfterEach
    void stop() {
        vault.stop(0);
        context.stop();
        if (secrets != null) {
            secrets.close();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (sealed) {
            byte[] answer = "{\"errors\":[\"Vault is sealed\"]}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(503, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
            return;
        }
        boolean allowed = "t0ken".equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"));
        boolean known = exchange.getRequestURI().getPath().equals("/v1/cdc/data/scylla");
        byte[] body = (allowed && known ? "{\"data\":{\"data\":{\"username\":\"alice\"}}}" : "{\"errors\":[]}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(allowed ? known ? 200 : 404 : 403, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void aPlaceholderIsTheFieldOfASecret() {
        properties.setProperty("scylla.username", "{{hashicorp:cdc:scylla#username}}");

        assertThat(settings("t0ken").required("scylla.username", "")).isEqualTo("alice");
    }

    @Test
    void aMissingFieldIsNamedWithItsPathAndProperty() {
        properties.setProperty("scylla.password", "{{hashicorp:cdc:scylla#password}}");

        assertThatThrownBy(() -> settings("t0ken").required("scylla.password", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("scylla.password: secret cdc/scylla ")
                .hasMessageContaining("has no field 'password' at http://127.0.0.1:")
                .hasMessageContaining("vault kv patch cdc/scylla password=…");
    }

    @Test
    void aMissingSecretIsNamedWithItsPathAndProperty() {
        properties.setProperty("postgres.username", "{{hashicorp:cdc:postgres#username}}");

        assertThatThrownBy(() -> settings("t0ken").required("postgres.username", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("postgres.username: secret cdc/postgres ")
                .hasMessageContaining("does not exist")
                .hasMessageContaining("vault kv put cdc/postgres username=…");
    }

    @Test
    void aRefusedTokenNamesItsProperty() {
        properties.setProperty("scylla.username", "{{hashicorp:cdc:scylla#username}}");

        assertThatThrownBy(() -> settings("wrong").required("scylla.username", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("was refused by Vault")
                .hasMessageContaining("camel.vault.hashicorp.token")
                .hasMessageNotContaining("wrong)");
    }

    @Test
    void noTokenNamesItsProperty() {
        properties.setProperty("scylla.username", "{{hashicorp:cdc:scylla#username}}");

        assertThatThrownBy(() -> settings("").required("scylla.username", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("camel.vault.hashicorp.token is not set");
    }

    @Test
    void aDefaultIsRefusedSinceItWouldHideAVaultThatIsDown() {
        properties.setProperty("scylla.username", "{{hashicorp:cdc:scylla#username:admin}}");

        assertThatThrownBy(() -> settings("t0ken").required("scylla.username", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("a default would hide a Vault that is down")
                .hasMessageNotContaining("admin");
    }

    @Test
    void aVaultThatIsDownIsWaitedForAWhile() {
        properties.setProperty("scylla.username", "{{hashicorp:cdc:scylla#username}}");
        Settings settings = settings("t0ken");
        vault.stop(0);

        assertThatThrownBy(() -> settings.required("scylla.username", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Vault at http://127.0.0.1:")
                .hasMessageContaining(" within 700 ms (vault.start-timeout.ms): ")
                .hasMessageContaining("secret cdc/scylla");
    }

    @Test
    void aSealedVaultIsWaitedForUntilItIsUnsealed() {
        properties.setProperty("scylla.username", "{{hashicorp:cdc:scylla#username}}");
        sealed = true;
        Settings settings = settings("t0ken", "60000");

        CompletableFuture<String> username =
                CompletableFuture.supplyAsync(() -> settings.required("scylla.username", ""));
        assertThat(username).isNotDone();
        sealed = false;

        assertThat(username).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("alice");
    }

    @Test
    void aSealedVaultThatStaysSoIsSaidToBeSealed() {
        properties.setProperty("scylla.username", "{{hashicorp:cdc:scylla#username}}");
        sealed = true;

        assertThatThrownBy(() -> settings("t0ken").required("scylla.username", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("it answers 503 (Vault is sealed)");
    }

    @Test
    void whileRunningAVaultThatIsDownIsAskedOnce() {
        properties.setProperty("scylla.username", "{{hashicorp:cdc:scylla#username}}");
        Settings settings = settings("t0ken", "60000");
        secrets.started();
        vault.stop(0);

        assertThatThrownBy(() -> settings.required("scylla.username", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Vault at http://127.0.0.1:")
                .hasMessageNotContaining("vault.start-timeout.ms");
    }

    @Test
    void aPlaceholderOfAPropertyThatIsNotSetIsAnErrorAndNotAnAbsence() {
        properties.setProperty("scylla.username", "{{no.such.property}}");

        assertThatThrownBy(() -> settings("t0ken").credentials("scylla"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("scylla.username refers to {{no.such.property}}, which is not set");
    }

    private Settings settings(String token) {
        return settings(token, "700");
    }

    private Settings settings(String token, String startTimeout) {
        context.getPropertiesComponent().setInitialProperties(properties);
        properties.setProperty(
                "camel.vault.hashicorp.port", String.valueOf(vault.getAddress().getPort()));
        properties.setProperty("camel.vault.hashicorp.token", token);
        properties.setProperty("vault.start-timeout.ms", startTimeout);
        Settings settings = new Settings(new CamelSettings(context));
        secrets = new VaultSecrets(() -> VaultConfig.of(settings), () -> false);
        context.getPropertiesComponent().addPropertiesFunction(secrets);
        context.build();
        return settings;
    }
}
