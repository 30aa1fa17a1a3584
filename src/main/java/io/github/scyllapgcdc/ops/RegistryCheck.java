package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.RegistryConfig;
import io.github.scyllapgcdc.fault.TlsRefusal;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import io.github.scyllapgcdc.registry.RegistryException;
import java.io.IOException;
import java.util.Optional;

/** Asks the schema registry for its subjects, which needs the credentials to be right. */
final class RegistryCheck implements Server.Check {
    private final RegistryConfig config;
    private final ConfluentRegistry registry;

    RegistryCheck(RegistryConfig config, ConfluentRegistry registry) {
        this.config = config;
        this.registry = registry;
    }

    @Override
    public void run() throws IOException {
        try {
            registry.ping();
        } catch (RegistryException e) {
            if (e.reason() == RegistryException.Reason.UNAUTHORIZED) {
                throw new ConfigurationException(
                        "the schema registry at " + config.url()
                                + " refused the login (schema.registry.username, schema.registry.password)",
                        e);
            }
            Optional<String> tls = TlsRefusal.of(e);
            if (tls.isPresent()) {
                throw new ConfigurationException(
                        "the schema registry at " + config.url() + " (schema.registry.ssl.*): " + tls.get(), e);
            }
            throw new IOException(Failures.line(e), e);
        }
    }
}
