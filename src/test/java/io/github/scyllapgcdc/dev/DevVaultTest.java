package io.github.scyllapgcdc.dev;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevVaultTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path dir;

    private final MovingClock clock = new MovingClock();
    private DevVault vault;

    @BeforeEach
    void open() {
        vault = new DevVault(
                new DevVaultTokens("root", "role", "secret", clock, Duration.ofHours(1), Duration.ofHours(2)),
                new DevVaultSecrets(dir.resolve("secrets.json"), clock));
    }

    @Test
    void aSecretIsReadAsItWasWrittenWithItsVersion() throws Exception {
        // Given a secret that was written twice
        ask("POST", "/v1/cdc/data/postgres", "root", "{\"data\":{\"password\":\"old\"}}");
        ask("POST", "/v1/cdc/data/postgres", "root", "{\"data\":{\"password\":\"new\"}}");

        // When it is read
        DevVault.Reply reply = ask("GET", "/v1/cdc/data/postgres", "root", "{}");

        // Then it is the newer one
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().at("/data/data/password").asText()).isEqualTo("new");
        assertThat(reply.body().at("/data/metadata/version").asInt()).isEqualTo(2);
    }

    @Test
    void aMissingSecretIsNotFoundAndAnUnknownTokenIsRefused() throws Exception {
        assertThat(ask("GET", "/v1/cdc/data/nothing", "root", "{}").status()).isEqualTo(404);
        assertThat(ask("GET", "/v1/cdc/data/nothing", "guess", "{}").status()).isEqualTo(403);
        assertThat(ask("GET", "/v1/cdc/data/nothing", null, "{}").status()).isEqualTo(403);
    }

    @Test
    void anAppRoleTokenExpiresUnlessItIsRenewed() throws Exception {
        // Given a login
        DevVault.Reply login =
                ask("POST", "/v1/auth/approle/login", null, "{\"role_id\":\"role\",\"secret_id\":\"secret\"}");
        String token = login.body().at("/auth/client_token").asText();
        assertThat(login.body().at("/auth/lease_duration").asInt()).isEqualTo(3600);

        // When it is renewed half an hour later
        clock.advance(Duration.ofMinutes(30));
        ask("POST", "/v1/auth/token/renew-self", token, "{}");

        // Then it lives for an hour from then
        clock.advance(Duration.ofMinutes(59));
        DevVault.Reply lookUp = ask("GET", "/v1/auth/token/lookup-self", token, "{}");
        assertThat(lookUp.body().at("/data/ttl").asInt()).isEqualTo(60);
        clock.advance(Duration.ofMinutes(2));
        assertThat(ask("GET", "/v1/auth/token/lookup-self", token, "{}").status())
                .isEqualTo(403);
    }

    @Test
    void aTokenIsNotRenewedForEver() throws Exception {
        // Given a login whose token may live for two hours
        DevVault.Reply login =
                ask("POST", "/v1/auth/approle/login", null, "{\"role_id\":\"role\",\"secret_id\":\"secret\"}");
        String token = login.body().at("/auth/client_token").asText();

        // When it is renewed again and again
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofMinutes(35));
            ask("POST", "/v1/auth/token/renew-self", token, "{}");
        }

        // Then it ends all the same
        DevVault.Reply lookUp = ask("GET", "/v1/auth/token/lookup-self", token, "{}");
        assertThat(lookUp.body().at("/data/ttl").asInt()).isEqualTo(15 * 60);
    }

    @Test
    void aSealedVaultSaysSoAndNothingElse() throws Exception {
        vault.seal(true);

        DevVault.Reply reply = ask("GET", "/v1/cdc/data/nothing", "root", "{}");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body().at("/errors/0").asText()).isEqualTo("Vault is sealed");
        assertThat(ask("GET", "/v1/sys/health", null, "{}").status()).isEqualTo(503);
    }

    @Test
    void aWrongSecretIdGetsNoToken() throws Exception {
        DevVault.Reply reply =
                ask("POST", "/v1/auth/approle/login", null, "{\"role_id\":\"role\",\"secret_id\":\"wrong\"}");
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().at("/errors/0").asText()).isEqualTo("invalid role or secret ID");
    }

    private DevVault.Reply ask(String method, String path, String token, String body) throws IOException {
        JsonNode json = JSON.readTree(body);
        return vault.reply(method, path, token, json);
    }

    private static final class MovingClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }
}
