package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.auth.PlainTextAuthProviderBase;
import com.datastax.oss.driver.api.core.metadata.EndPoint;
import io.github.scyllapgcdc.config.Login;

/** Logs each new connection in as what is current then, so that a session outlives the rotation of its password. */
final class LoginProvider extends PlainTextAuthProviderBase {
    private final Login login;

    LoginProvider(Login login) {
        super("scylla-pg-cdc");
        this.login = login;
    }

    /** The driver keeps a refusal to itself and tries again, so each connection that is made anew is taken for one. */
    @Override
    protected Credentials getCredentials(EndPoint endPoint, String serverAuthenticator) {
        login.doubt();
        return login.current()
                .map(user -> new Credentials(
                        user.username().toCharArray(), user.password().toCharArray()))
                .orElseGet(() -> new Credentials(new char[0], new char[0]));
    }
}
