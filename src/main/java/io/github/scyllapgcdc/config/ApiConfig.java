package io.github.scyllapgcdc.config;

import java.util.Optional;
import java.util.Set;

/**
 * Who may use the application's HTTP interface.
 *
 * @param host the address it listens at, {@code camel.server.host}
 * @param port the port there, {@code camel.server.port}
 * @param token what requests must carry, {@code api.token}; none: only programs on this host may change anything
 */
public record ApiConfig(String host, int port, Optional<String> token) {
    private static final int SHORTEST_TOKEN = 16;
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]", "0:0:0:0:0:0:0:1");

    public ApiConfig {
        if (token.isPresent() && token.get().length() < SHORTEST_TOKEN) {
            throw new ConfigurationException("api.token is refused: expected " + SHORTEST_TOKEN
                    + " characters or more, for example what openssl rand -hex 16 prints");
        }
    }

    public static ApiConfig of(Settings settings) {
        return new ApiConfig(
                settings.text("camel.server.host", "127.0.0.1"),
                settings.integer("camel.server.port", 8083),
                settings.optional("api.token"));
    }

    /** Whether nobody but this host's programs can connect. */
    public boolean onLoopback() {
        return isLoopback(host);
    }

    /** Whether a name or address means this host, without asking a name server. */
    public static boolean isLoopback(String host) {
        return LOOPBACK.contains(host);
    }

    @Override
    public String toString() {
        return "ApiConfig[" + host + ":" + port + ", " + (token.isPresent() ? "with" : "no") + " token]";
    }
}
