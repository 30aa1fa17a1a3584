package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/** The running application's HTTP interface. */
final class AppClient {
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final ObjectMapper json = new ObjectMapper();
    private final String url;

    private AppClient(String url) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** @param given an address that wins over the running stack's and application.properties', or null */
    static AppClient find(String given, Home home) {
        if (given != null) {
            return new AppClient(given);
        }
        Optional<Properties> stack = home.stack();
        if (stack.isPresent()) {
            return new AppClient(stack.get().getProperty("connect.url"));
        }
        Settings settings = home.settings();
        String host = settings.text("camel.server.host", "127.0.0.1");
        String port = settings.text("camel.server.port", "8083");
        return new AppClient("http://" + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + port);
    }

    String url() {
        return url;
    }

    /** The health report; empty when nothing answers there. */
    Optional<JsonNode> health() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/health"))
                    .timeout(Duration.ofSeconds(15))
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode report = json.readTree(response.body());
            return report.has("routes") ? Optional.of(report) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
