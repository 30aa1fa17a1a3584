package io.github.scyllapgcdc.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.config.Credentials;
import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.fault.ServerBreaker;
import io.github.scyllapgcdc.registry.RegistryException.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.avro.Schema;

/**
 * The Confluent schema registry's REST API. A failing call is tried again a few times within seconds; what outlasts that is
 * for the caller's own retry, which knows what waits for it.
 */
public final class ConfluentRegistry implements SchemaRegistry {
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration UNKNOWN_FOR = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 4;
    private static final long FIRST_PAUSE_MS = 100;

    private final ObjectMapper json = new ObjectMapper();
    private final ServerBreaker breaker;
    private final HttpClient http;
    private final String url;
    private final Login login;
    private final Map<SubjectSchema, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final Map<Integer, Unknown> unknown = new ConcurrentHashMap<>();

    /**
     * A client.
     *
     * @param url the registry's base URL, for Apicurio with {@code /apis/ccompat/v7}
     * @param login for basic authentication
     * @param tls trust and keys for https; the JVM's own where empty
     */
    public ConfluentRegistry(String url, Login login, Optional<SSLContext> tls) {
        this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.breaker = new ServerBreaker(
                "the schema registry at " + this.url,
                e -> e instanceof RegistryException registry && registry.isRetryable());
        this.login = login;
        HttpClient.Builder builder =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).version(HttpClient.Version.HTTP_1_1);
        tls.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /** The registry's answer for an id that it did not have: many records in a row may ask for it. */
    private record Unknown(RegistryException answer, long atNanos) {}

    private record SubjectSchema(String subject, Schema schema) {}

    @Override
    public int register(String subject, Schema schema) {
        SubjectSchema key = new SubjectSchema(subject, schema);
        Integer known = ids.get(key);
        if (known != null) {
            return known;
        }
        String path = "/subjects/" + encode(subject) + "/versions";
        JsonNode answer = call("POST", path, schemaBody(schema), "schema of subject " + subject);
        int id = answer.path("id").asInt(-1);
        if (id < 0) {
            throw new RegistryException(Reason.UNAVAILABLE, "the registry at " + url + " answered without an id", null);
        }
        requireBackward(subject);
        ids.put(key, id);
        schemas.put(id, schema);
        return id;
    }

    @Override
    public int latest(String subject) {
        String path = "/subjects/" + encode(subject) + "/versions/latest";
        return call("GET", path, null, "newest schema of subject " + subject)
                .path("id")
                .asInt();
    }

    @Override
    public Schema byId(int id) {
        Schema known = schemas.get(id);
        if (known != null) {
            return known;
        }
        Unknown before = unknown.get(id);
        if (before != null && System.nanoTime() - before.atNanos() < UNKNOWN_FOR.toNanos()) {
            throw before.answer();
        }
        JsonNode answer;
        try {
            answer = call("GET", "/schemas/ids/" + id, null, "schema id " + id);
        } catch (RegistryException e) {
            if (e.reason() == Reason.UNKNOWN_ID) {
                unknown.put(id, new Unknown(e, System.nanoTime()));
            }
            throw e;
        }
        try {
            Schema schema = new Schema.Parser().parse(answer.path("schema").asText());
            schemas.put(id, schema);
            unknown.remove(id);
            return schema;
        } catch (org.apache.avro.SchemaParseException e) {
            throw new RegistryException(
                    Reason.REJECTED, "schema id " + id + " of the registry at " + url + " is no Avro schema", e);
        }
    }

    /**
     * Answers whether the registry is there and accepts the credentials.
     *
     * @throws RegistryException if not
     */
    public void ping() {
        send(request("GET", "/subjects", null), "list of subjects");
    }

    /**
     * Readers keep up with writers only if each schema can read what the one before wrote. A stricter level that somebody
     * set stays.
     */
    private void requireBackward(String subject) {
        String path = "/config/" + encode(subject);
        String what = "compatibility level of " + subject;
        String level = "NONE";
        try {
            level = call("GET", path + "?defaultToGlobal=true", null, what)
                    .path("compatibilityLevel")
                    .asText();
        } catch (RegistryException e) {
            if (e.reason() != Reason.UNKNOWN_ID) { // no level of its own and no global one
                throw e;
            }
        }
        if (!level.startsWith("BACKWARD") && !level.startsWith("FULL")) {
            call("PUT", path, "{\"compatibility\":\"BACKWARD\"}", what);
        }
    }

    private String schemaBody(Schema schema) {
        try {
            return json.writeValueAsString(Map.of("schema", schema.toString()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a schema's text is always valid JSON content", e);
        }
    }

    private JsonNode call(String method, String path, String body, String what) {
        RegistryException last = null;
        long pause = FIRST_PAUSE_MS;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                HttpRequest request = request(method, path, body);
                return breaker.call(
                        () -> send(request, what), left -> new RegistryException(Reason.UNAVAILABLE, left, null));
            } catch (RegistryException e) {
                if (!e.isRetryable()) {
                    throw e;
                }
                last = e;
            }
            if (attempt < ATTEMPTS) {
                pause(pause, what);
                pause *= 2;
            }
        }
        throw last;
    }

    private JsonNode send(HttpRequest request, String what) {
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 == 2) {
                return json.readTree(response.body());
            }
            throw failure(response, what);
        } catch (IOException e) {
            throw new RegistryException(
                    Reason.UNAVAILABLE, "the schema registry at " + url + " can't be reached (schema.registry.url)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException(Reason.UNAVAILABLE, "interrupted while asking the registry for the " + what, e);
        }
    }

    private RegistryException failure(HttpResponse<String> response, String what) {
        Reason reason = switch (response.statusCode()) {
            case 401, 403 -> Reason.UNAUTHORIZED;
            case 404 -> Reason.UNKNOWN_ID;
            case 409, 422 -> Reason.REJECTED;
            default -> Reason.UNAVAILABLE;
        };
        if (reason == Reason.UNAUTHORIZED) {
            login.doubt();
        }
        String message = switch (reason) {
            case UNAUTHORIZED ->
                "the schema registry at " + url + " refuses the credentials (schema.registry.username, "
                        + "schema.registry.password)";
            case UNKNOWN_ID -> "the schema registry at " + url + " has no " + what;
            case REJECTED -> "the schema registry at " + url + " rejects the " + what + ": " + detail(response);
            case UNAVAILABLE ->
                "the schema registry at " + url + " answered " + response.statusCode() + " for the " + what + ": "
                        + detail(response);
        };
        return new RegistryException(reason, message, null);
    }

    private String detail(HttpResponse<String> response) {
        try {
            String message = json.readTree(response.body()).path("message").asText();
            return message.isEmpty() ? "no reason given" : message;
        } catch (JsonProcessingException e) {
            return "no reason given";
        }
    }

    private HttpRequest request(String method, String path, String body) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(REQUEST_TIMEOUT)
                .header("Accept", CONTENT_TYPE)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            builder.header("Content-Type", CONTENT_TYPE);
        }
        login.current().ifPresent(user -> builder.header("Authorization", basicAuthorization(user)));
        return builder.build();
    }

    private static String basicAuthorization(Credentials user) {
        byte[] text = (user.username() + ':' + user.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(text);
    }

    private static void pause(long millis, String what) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException(Reason.UNAVAILABLE, "interrupted while asking the registry for the " + what, e);
        }
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8);
    }
}
