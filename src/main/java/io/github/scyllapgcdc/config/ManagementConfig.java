package io.github.scyllapgcdc.config;

import java.util.Optional;

/**
 * Who may use Jolokia on the management port.
 *
 * @param credentials HTTP basic authentication, {@code management.username} and {@code management.password}
 */
public record ManagementConfig(Optional<Credentials> credentials) {
    static ManagementConfig of(Settings settings) {
        return new ManagementConfig(settings.credentials("management"));
    }
}
