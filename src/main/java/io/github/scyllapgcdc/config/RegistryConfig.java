package io.github.scyllapgcdc.config;

import java.net.URI;

/**
 * The schema registry, any that speaks Confluent's REST API.
 *
 * @param url base URL, {@code schema.registry.url}; for Apicurio with {@code /apis/ccompat/v7}
 * @param login HTTP basic authentication, {@code schema.registry.username} and {@code schema.registry.password}
 * @param tls for https, {@code schema.registry.ssl.truststore.*} and {@code schema.registry.ssl.keystore.*}
 */
public record RegistryConfig(String url, Login login, Tls tls) {
    public RegistryConfig {
        if (!isHttp(url)) {
            // A password written into the URL must not be repeated in the message
            throw ConfigurationException.refused(
                    "schema.registry.url",
                    url.replaceAll("//[^/@]*@", "//***@"),
                    "http://host:port or https://host:port with the base path, and the user in schema.registry.username");
        }
    }

    static RegistryConfig of(Settings settings) {
        return new RegistryConfig(
                settings.text("schema.registry.url", "http://127.0.0.1:8081"),
                new Login(settings.credentials("schema.registry")),
                Tls.of(settings, "schema.registry.ssl"));
    }

    private static boolean isHttp(String text) {
        try {
            URI url = URI.create(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return http && url.getHost() != null && url.getUserInfo() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
