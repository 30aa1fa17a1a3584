package io.github.scyllapgcdc.config;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The schema registry, any that speaks Confluent's REST API.
 *
 * @param urls base URLs tried in turn, {@code schema.registry.url}
 * @param credentials HTTP basic authentication, {@code schema.registry.username} and {@code schema.registry.password}
 * @param trustStore certificates to trust instead of the JVM's, {@code schema.registry.ssl.truststore.location} and
 *     {@code schema.registry.ssl.truststore.password}
 */
public record RegistryConfig(List<URI> urls, Optional<Credentials> credentials, Optional<TrustStore> trustStore) {
    public RegistryConfig {
        urls = List.copyOf(urls);
    }

    static RegistryConfig of(Settings settings) {
        return new RegistryConfig(
                urls(settings.text("schema.registry.url", "http://127.0.0.1:8081")),
                settings.credentials("schema.registry"),
                TrustStore.of(settings, "schema.registry.ssl.truststore"));
    }

    private static List<URI> urls(String value) {
        return Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .map(RegistryConfig::url)
                .toList();
    }

    private static URI url(String text) {
        try {
            URI url = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null && url.getUserInfo() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // not a URL: refused below
        }
        // A password written into the URL must not be repeated in the message
        throw ConfigurationException.refused(
                "schema.registry.url",
                text.replaceAll("//[^/@]*@", "//***@"),
                "http://host:port or https://host:port with the base path, and the user in schema.registry.username");
    }

    /** For messages. */
    public String address() {
        return String.join(",", urls.stream().map(URI::toString).toList());
    }
}
