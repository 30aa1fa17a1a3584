package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.PostgresConfig;
import io.github.scyllapgcdc.fault.TlsRefusal;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.regex.Pattern;

/** Opens one connection to PostgreSQL outside the pool, which would report any reason as its own time-out. */
final class PostgresCheck implements Server.Check {
    private static final String TIMEOUT_SECONDS = "4";
    /** Class 28 of the SQL standard: the login was refused. */
    private static final String INVALID_AUTHORIZATION = "28";

    private static final String UNKNOWN_DATABASE = "3D000";

    /** What the driver says of a server without TLS, of a certificate for another host and of files that it cannot read. */
    private static final Pattern CERTIFICATE =
            Pattern.compile("does not support SSL|hostnameverifier|private key file|Could not .*(SSL|certificate)");

    private final PostgresConfig config;

    PostgresCheck(PostgresConfig config) {
        this.config = config;
    }

    @Override
    public void run() throws IOException {
        Properties properties = new Properties();
        config.login().current().ifPresent(credentials -> {
            properties.setProperty("user", credentials.username());
            properties.setProperty("password", credentials.password());
        });
        properties.setProperty("connectTimeout", TIMEOUT_SECONDS);
        properties.setProperty("loginTimeout", TIMEOUT_SECONDS);
        properties.setProperty("socketTimeout", TIMEOUT_SECONDS);
        try (Connection connection = DriverManager.getConnection(config.url(), properties)) {
            connection.isValid(0);
        } catch (SQLException e) {
            throw classified(e);
        }
    }

    private IOException classified(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.startsWith(INVALID_AUTHORIZATION)) {
            throw new ConfigurationException(
                    "PostgreSQL at " + config.address() + " refused "
                            + config.login()
                                    .username()
                                    .map(name -> "user '" + name + "' (postgres.username, postgres.password): ")
                                    .orElse("the login of postgres.url: ")
                            + Failures.line(e),
                    e);
        }
        if (state.equals(UNKNOWN_DATABASE)) {
            throw new ConfigurationException("postgres.url=" + config.address() + ": " + Failures.line(e), e);
        }
        if (TlsRefusal.of(e).isPresent()
                || CERTIFICATE.matcher(String.valueOf(e.getMessage())).find()) {
            throw new ConfigurationException(
                    "PostgreSQL at " + config.address() + " (sslmode, sslrootcert, sslcert, sslkey in postgres.url): "
                            + TlsRefusal.of(e).orElse(e.getMessage()),
                    e);
        }
        return new IOException(Failures.line(e), e);
    }
}
