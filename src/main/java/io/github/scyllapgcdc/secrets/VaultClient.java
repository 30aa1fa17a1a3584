package io.github.scyllapgcdc.secrets;

import io.github.scyllapgcdc.config.VaultConfig;
import io.github.scyllapgcdc.config.VaultLogin;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.vault.authentication.AppRoleAuthentication;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions.RoleId;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions.SecretId;
import org.springframework.vault.authentication.LifecycleAwareSessionManager;
import org.springframework.vault.client.RestTemplateBuilder;
import org.springframework.vault.client.VaultEndpoint;
import org.springframework.vault.client.VaultHttpHeaders;
import org.springframework.vault.core.VaultKeyValueOperationsSupport.KeyValueBackend;
import org.springframework.vault.core.VaultTemplate;
import org.springframework.vault.support.VaultResponse;
import org.springframework.vault.support.VaultToken;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.client.RestOperations;

/**
 * Reads secrets of Vault's KV version 2. It logs in when it is asked first, renews its token, and logs in anew once the token
 * cannot be renewed any more, or was revoked. Not for several threads at once.
 */
final class VaultClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);
    /** The token may have been renewed since. */
    private static final Duration KNOWN_FOR = Duration.ofMinutes(5);

    private static final Duration LOOK_UP_EVERY = Duration.ofSeconds(10);
    private static final int FORBIDDEN = 403;

    private final VaultLogin login;
    private final RestTemplateBuilder http;
    private final RestOperations withoutToken;
    private final ThreadPoolTaskScheduler renewals = new ThreadPoolTaskScheduler();
    private LifecycleAwareSessionManager session;
    private volatile long lookedUpNanos;
    private volatile Instant tokenExpires;

    VaultClient(VaultConfig config, VaultLogin login) {
        this.login = login;
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        client.sslContext(config.tls().context());
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(client.build());
        requests.setReadTimeout(ANSWER_TIMEOUT);
        http = RestTemplateBuilder.builder()
                .endpoint(VaultEndpoint.from(config.address()))
                .requestFactory(requests);
        config.namespace().ifPresent(name -> http.defaultHeader(VaultHttpHeaders.VAULT_NAMESPACE, name));
        withoutToken = http.build();
        renewals.setThreadNamePrefix("vault-token");
        renewals.setDaemon(true);
        renewals.initialize();
    }

    /**
     * The fields of a secret's newest version; empty if there is no such secret.
     *
     * @throws RuntimeException of spring-vault's, whose causes tell an answer from none
     */
    Optional<Map<String, Object>> read(String engine, String secret) {
        boolean fresh = session == null;
        try {
            return get(engine, secret);
        } catch (RuntimeException e) {
            if (VaultFailure.answer(e).isEmpty()) {
                throw e; // nobody there: the token may still be good
            }
            logOut();
            if (fresh || !isForbidden(e)) {
                throw e;
            }
        }
        return get(engine, secret);
    }

    private Optional<Map<String, Object>> get(String engine, String secret) {
        VaultTemplate vault = new VaultTemplate(http, this::token);
        VaultResponse answer =
                vault.opsForKeyValue(engine, KeyValueBackend.KV_2).get(secret);
        lookUpToken(vault);
        return Optional.ofNullable(answer).map(VaultResponse::getData);
    }

    /** When the token does; {@link Instant#MAX}: never; empty: Vault did not say, or was not asked for a while. */
    Optional<Instant> tokenExpires() {
        boolean fresh = System.nanoTime() - lookedUpNanos < KNOWN_FOR.toNanos();
        return fresh ? Optional.ofNullable(tokenExpires) : Optional.empty();
    }

    private void lookUpToken(VaultTemplate vault) {
        if (tokenExpires != null && System.nanoTime() - lookedUpNanos < LOOK_UP_EVERY.toNanos()) {
            return;
        }
        lookedUpNanos = System.nanoTime();
        try {
            VaultResponse self = vault.read("auth/token/lookup-self");
            Object ttl = self == null || self.getData() == null
                    ? null
                    : self.getData().get("ttl");
            tokenExpires = !(ttl instanceof Number seconds)
                    ? null
                    : seconds.longValue() == 0 ? Instant.MAX : Instant.now().plusSeconds(seconds.longValue());
        } catch (RuntimeException e) { // a policy may forbid it; the secrets are what counts
            tokenExpires = null;
        }
    }

    private VaultToken token() {
        if (session == null) {
            session = new LifecycleAwareSessionManager(this::logIn, renewals, withoutToken);
        }
        return session.getSessionToken();
    }

    /** With what the files hold now. */
    private VaultToken logIn() {
        if (login instanceof VaultLogin.AppRole role) {
            AppRoleAuthenticationOptions options = AppRoleAuthenticationOptions.builder()
                    .path(role.path())
                    .roleId(RoleId.provided(role.roleId().read()))
                    .secretId(SecretId.provided(role.secretId().read()))
                    .build();
            return new AppRoleAuthentication(options, withoutToken).login();
        }
        return VaultToken.of(((VaultLogin.Token) login).token().read());
    }

    private static boolean isForbidden(RuntimeException e) {
        return VaultFailure.answer(e)
                .map(RestClientResponseException::getStatusCode)
                .map(HttpStatusCode::value)
                .filter(status -> status == FORBIDDEN)
                .isPresent();
    }

    /** Gives back a token that a log-in gave; one that was given from outside stays as it is. */
    private void logOut() {
        if (session != null) {
            session.destroy();
            session = null;
        }
    }

    @Override
    public void close() {
        logOut();
        renewals.shutdown();
    }
}
