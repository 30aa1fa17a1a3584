package io.github.scyllapgcdc.dev;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@link DevVault} in a JVM of its own, with the credentials of the other servers in it. */
final class VaultKind implements ServerKind {
    private final StackHome home;
    private int port;

    VaultKind(StackHome home) {
        this.home = home;
    }

    @Override
    public Server server() {
        return Server.VAULT;
    }

    @Override
    public int port() {
        return port;
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    String token() {
        return home.secret("vault.token");
    }

    @Override
    public void prepare(Libraries maven) throws IOException {
        port = home.port(server());
        Files.createDirectories(home.folder(server()));
        Map<String, String> access = new LinkedHashMap<>();
        access.put("token", token());
        access.put("role_id", home.secret("vault.role_id"));
        access.put("secret_id", home.secret("vault.secret_id"));
        new PropertiesFile(home.folder(server()).resolve("access.properties")).write(access);
    }

    @Override
    public List<String> command() {
        return new JavaCommand()
                .jvm("-Xms8m", "-Xmx24m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .classPath(Stream.of(ObjectMapper.class, JsonFactory.class, JsonProperty.class)
                        .map(JavaCommand::codeOf)
                        .toList())
                .running(DevVault.class.getName(), home.folder(server()).toString(), Integer.toString(port));
    }

    @Override
    public void check() throws Exception {
        Sockets.connect(port);
        Http.expect(200, Http.get(address() + "/v1/sys/health"));
    }

    @Override
    public void settle() throws Exception {
        // The stand-ins for Scylla, Kafka and the registry ask for no credentials; the application always has some
        store("scylla", "cdc", "cdc");
        store("kafka", "", "");
        store("registry", "", "");
        store("postgres", PostgresKind.USER, home.secret("postgres"));
    }

    /** Written once: what somebody changed since stays changed. */
    private void store(String name, String user, String password) throws Exception {
        String url = address() + "/v1/cdc/data/" + name;
        if (Http.get(url, "X-Vault-Token", token()).statusCode() == 404) {
            String json = new ObjectMapper()
                    .writeValueAsString(Map.of("data", Map.of("username", user, "password", password)));
            Http.expect(200, Http.post(url, json, "X-Vault-Token", token()));
        }
    }
}
