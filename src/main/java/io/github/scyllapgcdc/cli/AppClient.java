package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.config.HttpAddress;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.config.Tls;
import io.github.scyllapgcdc.fault.TlsRefusal;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.StringJoiner;

/** The running application's HTTP interface. */
final class AppClient {
    private static final String TOKEN = "API_TOKEN";
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    /** A replay of many letters takes its time. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();
    private final String url;
    private final Optional<String> token;

    private AppClient(String url, Optional<String> token, Home home) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.token = token;
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2));
        if (url.startsWith("https:")) {
            builder.sslContext(tls(home).context());
        }
        this.http = builder.build();
    }

    /** @param given an address that wins over the running stack's and application.properties', or null */
    static AppClient find(String given, Home home) {
        if (given != null) {
            return new AppClient(given, token(home), home);
        }
        // ./cdc dev --no-app starts the servers alone
        Optional<Properties> stack = home.stack().filter(properties -> properties.containsKey("connect.url"));
        if (stack.isPresent()) {
            return new AppClient(
                    stack.get().getProperty("connect.url"), Optional.ofNullable(System.getenv(TOKEN)), home);
        }
        Settings settings = home.settings();
        return new AppClient(HttpAddress.of(settings, "camel.server", 8083), token(home), home);
    }

    /** A host that only has this command names the trust store in the environment, {@code API_SSL_TRUSTSTORE_LOCATION}. */
    private static Tls tls(Home home) {
        Settings settings = home.isThere() ? home.settings() : Settings.of(environment());
        return Tls.of(settings, "api.ssl");
    }

    private static Map<String, String> environment() {
        Map<String, String> properties = new HashMap<>();
        System.getenv()
                .forEach((name, value) ->
                        properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
        return properties;
    }

    /** What the application asks for where it does; a host that only has this command has it in the environment. */
    private static Optional<String> token(Home home) {
        String given = System.getenv(TOKEN);
        if (given != null && !given.contains("{{")) {
            return Optional.of(given);
        }
        // What the environment refers to is the application's to resolve, where both have one environment
        return home.isThere() ? home.settings().optional("api.token") : Optional.empty();
    }

    String url() {
        return url;
    }

    /** What a request was answered with. */
    record Answer(int code, JsonNode body) {
        /**
         * The body; a report that tells of failures is a report.
         *
         * @throws CliException if it is a refusal, with its one line
         */
        JsonNode orRefusal() {
            String reason = body.path("error").asText(body.path("message").asText());
            if (!reason.isEmpty() && code >= BAD_REQUEST) {
                throw new CliException(
                        code == UNAUTHORIZED
                                ? "the application asks for its token: set API_TOKEN, or api.token"
                                : reason);
            }
            if (code >= BAD_REQUEST && body.isEmpty()) {
                throw new CliException("the application answered with status " + code + " and no reason: see its log");
            }
            return body;
        }
    }

    /**
     * Asks for something.
     *
     * @param parameters those that are null are left out
     * @throws CliException if nothing answers, or not what a running application does
     */
    Answer get(String path, Map<String, String> parameters) throws InterruptedException {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        parameters.forEach((name, value) -> {
            if (value != null) {
                query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
            }
        });
        return send(HttpRequest.newBuilder(URI.create(url + path + query)), path);
    }

    /**
     * Asks for something to be done.
     *
     * @param values become the body; those that are null are left out
     * @throws CliException if nothing answers, or not what a running application does
     */
    Answer post(String path, Map<String, Object> values) throws InterruptedException {
        Map<String, Object> given = new LinkedHashMap<>(values);
        given.values().removeIf(Objects::isNull);
        return send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                json.valueToTree(given).toString())),
                path);
    }

    /** Asks for something that needs no values: {@code PUT} or {@code POST}. */
    Answer tell(String method, String path) throws InterruptedException {
        return send(
                HttpRequest.newBuilder(URI.create(url + path)).method(method, HttpRequest.BodyPublishers.noBody()),
                path);
    }

    private Answer send(HttpRequest.Builder request, String path) throws InterruptedException {
        try {
            token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
            HttpResponse<String> response =
                    http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            JsonNode body = response.body().isEmpty() ? json.createObjectNode() : json.readTree(response.body());
            if (body.isObject()) {
                return new Answer(response.statusCode(), body);
            }
        } catch (JsonProcessingException e) {
            throw noApplication(path, e);
        } catch (IOException e) {
            throw failed(e);
        }
        throw noApplication(path, null);
    }

    private CliException failed(IOException e) {
        return new CliException(
                TlsRefusal.of(e)
                        .map(why -> url + " (api.ssl.truststore.location): " + why)
                        .orElse("no running application at " + url + ": start one with ./cdc dev or ./cdc run"),
                e);
    }

    private CliException noApplication(String path, Exception cause) {
        return new CliException(
                url + path + " does not answer as a running application does: has it all the files of" + " routes/?",
                cause);
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
            if (TlsRefusal.of(e).isPresent()) {
                throw failed(e);
            }
            return Optional.empty();
        }
    }
}
