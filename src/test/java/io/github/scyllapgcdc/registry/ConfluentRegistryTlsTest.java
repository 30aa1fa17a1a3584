package io.github.scyllapgcdc.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.config.Tls;
import io.github.scyllapgcdc.dev.ServerCertificates;
import io.github.scyllapgcdc.dev.TestCertificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry that asks for a client certificate and for basic authentication, which the embedded one cannot be told to. */
class ConfluentRegistryTlsTest {
    private static final TestCertificates CERTIFICATES = TestCertificates.get();
    private static final byte[] NONE = "[]".getBytes(StandardCharsets.UTF_8);

    private HttpsServer server;

    @BeforeEach
    void start() throws Exception {
        ServerCertificates own = CERTIFICATES.server();
        SSLContext context = tls(own.keyStore(), own.trustStore()).context();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters asked = context.getDefaultSSLParameters();
                asked.setNeedClientAuth(true);
                parameters.setSSLParameters(asked);
            }
        });
        server.createContext("/subjects", exchange -> {
                    exchange.sendResponseHeaders(200, NONE.length);
                    exchange.getResponseBody().write(NONE);
                    exchange.close();
                })
                .setAuthenticator(new BasicAuthenticator("registry") {
                    @Override
                    public boolean checkCredentials(String username, String password) {
                        return username.equals("reader") && password.equals("s3cret");
                    }
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static Tls tls(Path keyStore, Path trustStore) {
        Map<String, String> properties = new HashMap<>();
        if (keyStore != null) {
            properties.put("schema.registry.ssl.keystore.location", keyStore.toString());
            properties.put("schema.registry.ssl.keystore.password", TestCertificates.PASSWORD);
        }
        properties.put("schema.registry.ssl.truststore.location", trustStore.toString());
        properties.put("schema.registry.ssl.truststore.password", TestCertificates.PASSWORD);
        return Tls.of(Settings.of(properties), "schema.registry.ssl");
    }

    private ConfluentRegistry client(String password, Tls tls) {
        Settings login =
                Settings.of(Map.of("schema.registry.username", "reader", "schema.registry.password", password));
        return new ConfluentRegistry(
                "https://127.0.0.1:" + server.getAddress().getPort(),
                new Login(login.credentials("schema.registry")),
                Optional.of(tls.context()));
    }

    @Test
    void certificateAndLoginAreShown() {
        Tls tls = tls(CERTIFICATES.clientKeyStore(), CERTIFICATES.trustStore());
        assertThatCode(() -> client("s3cret", tls).ping()).doesNotThrowAnyException();
        assertThatThrownBy(() -> client("wrong", tls).ping())
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        e -> assertThat(e.reason()).isEqualTo(RegistryException.Reason.UNAUTHORIZED));
    }

    @Test
    void withoutACertificateNobodyIsLetIn() {
        assertThatThrownBy(() ->
                        client("s3cret", tls(null, CERTIFICATES.trustStore())).ping())
                .isInstanceOf(RegistryException.class);
    }
}
