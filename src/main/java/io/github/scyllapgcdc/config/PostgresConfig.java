package io.github.scyllapgcdc.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The PostgreSQL database.
 *
 * @param url {@code postgres.url}, a JDBC URL
 * @param login {@code postgres.username} and {@code postgres.password}; none when the URL carries them or the server trusts
 *     this host
 */
public record PostgresConfig(String url, Login login) {
    private static final int DEFAULT_PORT = 5432;
    private static final Pattern FORM = Pattern.compile("jdbc:postgresql:(//[^/?#\\s]+)?/?[^/?#\\s]*(\\?\\S*)?");
    private static final Pattern USER_INFO = Pattern.compile("//[^/@?]*@");

    public PostgresConfig {
        if (!FORM.matcher(url).matches() || USER_INFO.matcher(url).find()) {
            throw ConfigurationException.refused(
                    "postgres.url",
                    withoutSecrets(url),
                    "jdbc:postgresql://host:port/database, and the user in postgres.username");
        }
    }

    public static PostgresConfig of(Settings settings) {
        return new PostgresConfig(
                settings.text("postgres.url", "jdbc:postgresql://127.0.0.1:5432/postgres"),
                new Login(settings.credentials("postgres")));
    }

    /** For messages: host, port and database, without the parameters, which may hold a password. */
    public String address() {
        return withoutSecrets(url).replaceFirst("^jdbc:postgresql:(//)?", "");
    }

    /** The servers that the URL names; more than one where it names stand-bys. */
    public List<HostPort> hosts() {
        String authority = url.contains("//") ? address().replaceFirst("/.*", "") : "";
        return HostPort.list("postgres.url", authority.isEmpty() ? "127.0.0.1" : authority, DEFAULT_PORT);
    }

    private static String withoutSecrets(String url) {
        return USER_INFO.matcher(url.replaceFirst("\\?.*", "")).replaceFirst("//***@");
    }

    @Override
    public String toString() {
        return "PostgresConfig[" + address() + ", " + login + "]";
    }
}
