package io.github.scyllapgcdc.config;

import java.net.URI;
import java.util.Optional;

/**
 * Which changes are traced, and where their spans go.
 *
 * @param enabled whether anything is traced ({@code tracing.enabled})
 * @param endpoint an OTLP receiver, without the path; empty: what OpenTelemetry's own variables say ({@code
 *     tracing.otlp.endpoint})
 * @param sampleRatio the share of changes that are traced, from 0 to 1 ({@code tracing.sample-ratio})
 */
public record TracingConfig(boolean enabled, Optional<URI> endpoint, double sampleRatio) {
    private static final String ENDPOINT = "tracing.otlp.endpoint";
    private static final String RATIO = "tracing.sample-ratio";

    public TracingConfig {
        if (!(sampleRatio >= 0 && sampleRatio <= 1)) { // NaN as well
            throw ConfigurationException.refused(RATIO, sampleRatio, "a number from 0 to 1");
        }
    }

    static TracingConfig of(Settings settings) {
        return new TracingConfig(
                settings.bool("tracing.enabled", false),
                settings.optional(ENDPOINT).map(TracingConfig::url),
                settings.decimal(RATIO, 0.001));
    }

    private static URI url(String value) {
        try {
            URI url = URI.create(value);
            if (url.getHost() != null && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // no URL at all
        }
        throw ConfigurationException.refused(
                ENDPOINT, value, "the URL of an OTLP receiver over HTTP, such as http://jaeger:4318");
    }
}
