package io.github.scyllapgcdc.dev;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stand-in for HashiCorp Vault, for development and tests only; <b>not Vault</b>. It answers as much of Vault's HTTP
 * interface as a client needs that reads credentials: KV version 2 read and write, AppRole login, a token's look-up and
 * renewal, and health. Secrets are kept unencrypted in a file.
 *
 * <p>Arguments: its folder, which holds {@code access.properties} (token, role_id, secret_id), and its loopback port.
 */
public final class DevVault {
    private static final Pattern DATA = Pattern.compile("/v1/([^/]+)/data/(.+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DevVaultTokens tokens;
    private final DevVaultSecrets secrets;
    private volatile boolean sealed;

    DevVault(DevVaultTokens tokens, DevVaultSecrets secrets) {
        this.tokens = tokens;
        this.secrets = secrets;
    }

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Map<String, String> access = new PropertiesFile(folder.resolve("access.properties")).read();
        DevVault vault = new DevVault(
                new DevVaultTokens(
                        access.get("token"),
                        access.get("role_id"),
                        access.get("secret_id"),
                        Clock.systemUTC(),
                        DevVaultTokens.LEASE,
                        DevVaultTokens.LONGEST_LEASE),
                new DevVaultSecrets(folder.resolve("secrets.json"), Clock.systemUTC()));
        vault.serve(Integer.parseInt(args[1]));
    }

    HttpServer serve(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.start();
        System.out.println("Vault stand-in (not HashiCorp Vault) on 127.0.0.1:" + port);
        return server;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply;
            try {
                byte[] body = exchange.getRequestBody().readAllBytes();
                reply = reply(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getPath(),
                        exchange.getRequestHeaders().getFirst("X-Vault-Token"),
                        body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body));
            } catch (JacksonException e) {
                reply = Reply.error(400, "failed to parse JSON input: " + e.getOriginalMessage());
            }
            byte[] answer = reply.body() == null ? new byte[0] : JSON.writeValueAsBytes(reply.body());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
            System.out.println(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + reply.status());
        }
    }

    /** A sealed one answers nothing but that it is. */
    void seal(boolean shut) {
        sealed = shut;
    }

    /** What one request gets: without the wire, so that a test can ask. */
    Reply reply(String method, String path, String token, JsonNode body) throws IOException {
        if (path.equals("/v1/sys/health")) {
            return new Reply(
                    sealed ? 503 : 200,
                    JSON.createObjectNode()
                            .put("initialized", true)
                            .put("sealed", sealed)
                            .put("standby", false)
                            .put("version", "stand-in"));
        }
        if (sealed) {
            return Reply.error(503, "Vault is sealed");
        }
        boolean write = method.equals("POST") || method.equals("PUT");
        if (path.equals("/v1/auth/approle/login") && write) {
            return tokens.login(
                            body.path("role_id").asText(),
                            body.path("secret_id").asText())
                    .map(Reply::of)
                    .orElseGet(() -> Reply.error(400, "invalid role or secret ID"));
        }
        if (token == null || !tokens.isValid(token)) {
            return Reply.error(403, "permission denied");
        }
        if (path.equals("/v1/auth/token/lookup-self") && method.equals("GET")) {
            return Reply.of(tokens.lookUp(token));
        }
        if (path.equals("/v1/auth/token/renew-self") && write) {
            return Reply.of(tokens.renew(token));
        }
        if (path.equals("/v1/auth/token/revoke-self") && write) {
            tokens.revoke(token);
            return new Reply(204, null);
        }
        Matcher data = DATA.matcher(path);
        if (data.matches()) {
            return data(method, data.group(1) + "/" + data.group(2), body);
        }
        return Reply.error(404, "this stand-in for Vault does not know " + method + " " + path);
    }

    private Reply data(String method, String secret, JsonNode body) throws IOException {
        return switch (method) {
            case "GET" -> secrets.read(secret).map(Reply::of).orElseGet(() -> new Reply(404, errors()));
            case "POST", "PUT" ->
                body.path("data").isObject()
                        ? Reply.of(secrets.write(secret, (ObjectNode) body.get("data")))
                        : Reply.error(400, "no data provided");
            default -> Reply.error(405, "unsupported operation");
        };
    }

    private static ObjectNode errors(String... messages) {
        ObjectNode body = JSON.createObjectNode();
        for (String message : messages) {
            body.withArray("errors").add(message);
        }
        if (messages.length == 0) {
            body.putArray("errors");
        }
        return body;
    }

    /** A status and a JSON body, which may be null. */
    record Reply(int status, ObjectNode body) {
        static Reply of(ObjectNode body) {
            return new Reply(200, body);
        }

        static Reply error(int status, String message) {
            return new Reply(status, errors(message));
        }
    }
}
