package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Credentials;
import io.github.scyllapgcdc.config.ManagementConfig;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.UsernamePasswordCredentials;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BasicAuthHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationConfigEntry;

/**
 * HTTP basic authentication in front of Jolokia, which starts and stops routes. What may be done after that is in {@code
 * jolokia-access.xml}. Health and metrics on the same port stay open to who can reach it.
 */
public final class JolokiaLogin {
    private static final String REALM = "scylla-pg-cdc";

    private JolokiaLogin() {}

    /**
     * Asks for the user and password of the configuration, where Jolokia is on.
     *
     * @param server not started yet
     * @param mainPort {@code camel.server.port}
     * @throws ConfigurationException when Jolokia is on and would answer to anybody
     */
    public static void require(ManagementHttpServer server, ManagementConfig config, int mainPort) {
        if (!server.isJolokiaEnabled()) {
            return;
        }
        if (server.getPort() == mainPort) {
            // Camel would serve both from the other server, which knows nothing of this login
            throw new ConfigurationException("camel.management.port=" + mainPort
                    + " is refused: expected another port than camel.server.port while"
                    + " camel.management.jolokiaEnabled=true");
        }
        Credentials login = config.credentials()
                .filter(credentials -> !credentials.password().isEmpty())
                .orElseThrow(() -> new ConfigurationException(
                        "camel.management.jolokiaEnabled=true would let anybody who reaches " + server.getHost() + ":"
                                + server.getPort()
                                + " start and stop routes: set management.username and management.password, or switch"
                                + " it off"));
        AuthenticationConfig authentication = server.getConfiguration().getAuthenticationConfig();
        authentication.getEntries().add(entry(server.getJolokiaPath() + "*", login));
        authentication.setEnabled(true);
    }

    private static AuthenticationConfigEntry entry(String path, Credentials login) {
        AuthenticationConfigEntry entry = new AuthenticationConfigEntry() {
            @Override
            public Handler<RoutingContext> createAuthenticationHandler(Vertx vertx) {
                return BasicAuthHandler.create((given, answer) -> check(login, given, answer), REALM);
            }
        };
        entry.setPath(path);
        return entry;
    }

    private static void check(Credentials login, JsonObject given, Handler<AsyncResult<User>> answer) {
        UsernamePasswordCredentials attempt = new UsernamePasswordCredentials(given);
        // Both, always: how long it takes tells nothing
        boolean user = same(login.username(), attempt.getUsername());
        boolean password = same(login.password(), attempt.getPassword());
        answer.handle(
                user && password
                        ? Future.succeededFuture(User.fromName(login.username()))
                        : Future.failedFuture("unknown user or wrong password"));
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8),
                given == null ? new byte[0] : given.getBytes(StandardCharsets.UTF_8));
    }
}
