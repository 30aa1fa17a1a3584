package io.github.scyllapgcdc.secrets;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.fault.TlsRefusal;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.Optional;
import org.springframework.vault.authentication.VaultLoginException;
import org.springframework.vault.client.VaultResponses;
import org.springframework.web.client.RestClientResponseException;

/** What a failed reading of a secret means, in words for an operator. Vault's own never hold a secret. */
final class VaultFailure {
    private static final int SERVER_ERROR = 500;
    private static final int FORBIDDEN = 403;

    private VaultFailure() {}

    /** Vault's answer, if it gave one. */
    static Optional<RestClientResponseException> answer(Throwable e) {
        return cause(e, RestClientResponseException.class);
    }

    /** Why there is no use of Vault at the moment: it is not there, sealed, or does not work; empty if it refused. */
    static Optional<String> unavailable(RuntimeException e) {
        Optional<RestClientResponseException> answer = answer(e);
        if (answer.isPresent()) {
            return answer.filter(a -> a.getStatusCode().value() >= SERVER_ERROR).map(a -> "it answers " + words(a));
        }
        return TlsRefusal.of(e).isPresent()
                ? Optional.empty()
                : cause(e, IOException.class).map(VaultFailure::words);
    }

    /** A refusal, which waiting does not help. */
    static ConfigurationException refusal(Reference reference, URI address, RuntimeException e) {
        Optional<ConfigurationException> known = cause(e, ConfigurationException.class);
        if (known.isPresent()) { // a file that cannot be read
            return known.get();
        }
        String vault = " by Vault at " + address;
        Optional<String> tls = TlsRefusal.of(e);
        if (tls.isPresent()) {
            return new ConfigurationException(reference + " was not read" + vault + " (vault.ssl.*): " + tls.get(), e);
        }
        Optional<RestClientResponseException> answer = answer(e);
        if (cause(e, VaultLoginException.class).isPresent()) {
            return new ConfigurationException(
                    "the log-in was refused" + vault + " (vault.approle.*): "
                            + answer.map(VaultFailure::words).orElse("no reason given"),
                    e);
        }
        if (answer.isPresent() && answer.get().getStatusCode().value() == FORBIDDEN) {
            return new ConfigurationException(
                    reference + " was refused" + vault
                            + ": the token (camel.vault.hashicorp.token, vault.token.file or that of "
                            + "vault.approle.*) is wrong, expired, or has no policy for " + reference.path(),
                    e);
        }
        return new ConfigurationException(
                reference + " was not read" + vault + ": "
                        + answer.map(VaultFailure::words).orElse(e.getMessage()),
                e);
    }

    private static String words(RestClientResponseException answer) {
        String errors = VaultResponses.getError(answer.getResponseBodyAsString());
        return answer.getStatusCode().value() + (errors == null || errors.isBlank() ? "" : " (" + errors + ")");
    }

    private static String words(IOException e) {
        if (e.getMessage() == null) {
            return e instanceof ConnectException
                    ? "connection refused"
                    : e.getClass().getSimpleName();
        }
        return e.getMessage();
    }

    private static <T extends Throwable> Optional<T> cause(Throwable thrown, Class<T> type) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (type.isInstance(t)) {
                return Optional.of(type.cast(t));
            }
        }
        return Optional.empty();
    }
}
