package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.dev.TestVault;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline, logging all that it can log, shows none of its secrets to anybody. */
class SecretLeakIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final String POSTGRES = "s3cret-of-postgres";
    private static final String KAFKA = "s3cret-of-kafka";
    private static final String REGISTRY = "s3cret-of-registry";
    private static final String SCYLLA = "s3cret-of-scylla";

    @TempDir
    private Path folder;

    @Test
    void noSecretIsInTheLogHealthMetricsOrManagement() throws Exception {
        try (PipelineFixture fixture = new PipelineFixture("leak");
                SecuredServers servers = new SecuredServers(folder)) {
            servers.postgresPassword("discreet", POSTGRES);
            servers.kafkaPassword(KAFKA);
            servers.store("postgres", "discreet", POSTGRES);
            servers.store("kafka", SecuredServers.KAFKA_USER, KAFKA);
            servers.store("registry", "reader", REGISTRY);
            servers.store("scylla", "pipeline", SCYLLA);
            int management = TestStack.get().port("leak-http", 0);
            int jmx = TestStack.get().port("leak-jmx", 0);
            Map<String, String> environment = servers.environment();
            environment.put("SCHEMA_REGISTRY_USERNAME", "{{hashicorp:cdc:registry#username}}");
            environment.put("SCHEMA_REGISTRY_PASSWORD", "{{hashicorp:cdc:registry#password}}");
            environment.put("CAMEL_MANAGEMENT_PORT", String.valueOf(management));
            environment.put("JAVA_TOOL_OPTIONS", options(jmx));
            TableId table = fixture.countedTable("rows");

            // Given a pipeline that works, and once was refused
            try (PipelineApp app = PipelineApp.start("leak", environment)) {
                app.deploy(table);
                fixture.insert(table, 0, 200);
                fixture.awaitEqual(table, LANDS);
                servers.postgresPassword("discreet", "s3cret-of-nobody");
                servers.endConnections("discreet");
                fixture.insert(table, 200, 300);
                Awaitility.await("the sink is refused")
                        .atMost(LANDS)
                        .until(() ->
                                app.server("postgres").path("detail").asText().contains("authentication failed"));
                List<String> shown = new ArrayList<>(List.of(app.health()));
                servers.postgresPassword("discreet", POSTGRES);
                fixture.awaitEqual(table, LANDS);

                // When everything is looked at that it shows
                shown.add(app.health());
                for (String path : List.of("/observe/metrics", "/observe/health", "/observe/info")) {
                    shown.add(get("http://127.0.0.1:" + management + path));
                }
                Map<String, String> attributes = attributes(jmx);
                assertThat(attributes.keySet()).anyMatch(name -> name.startsWith("org.apache.camel:"));
                assertThat(attributes.keySet()).anyMatch(name -> name.startsWith("kafka.producer:"));
                String log = app.log();
                assertThat(log).contains(" DEBUG ");

                // Then no secret is among it
                List<String> secrets = new ArrayList<>(servers.vault().tokens());
                assertThat(secrets).isNotEmpty();
                secrets.addAll(List.of(POSTGRES, KAFKA, REGISTRY, SCYLLA, TestVault.SECRET_ID));
                for (String secret : secrets) {
                    assertThat(log.lines().filter(line -> line.contains(secret)))
                            .isEmpty();
                    assertThat(shown).noneMatch(text -> text.contains(secret));
                    assertThat(attributes)
                            .noneSatisfy((name, value) -> assertThat(value).contains(secret));
                }
            }
        }
    }

    /** Everything logged at DEBUG, but for what must not be, and management by JMX for whoever asks on this machine. */
    private String options(int jmx) throws IOException {
        Path logback = Files.writeString(folder.resolve("logback.xml"), """
                <configuration>
                  <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d %level %logger{20} - %msg%n%ex</pattern></encoder>
                  </appender>
                  <!-- The two that docs/secrets.md names -->
                  <logger name="org.apache.camel.component.properties" level="INFO"/>
                  <logger name="org.springframework.web" level="INFO"/>
                  <root level="DEBUG"><appender-ref ref="console"/></root>
                </configuration>
                """);
        return String.join(
                " ",
                "-Dlogback.configurationFile=" + logback.toAbsolutePath(),
                "-Dcom.sun.management.jmxremote.port=" + jmx,
                "-Dcom.sun.management.jmxremote.host=127.0.0.1",
                "-Dcom.sun.management.jmxremote.authenticate=false",
                "-Dcom.sun.management.jmxremote.ssl=false",
                "-Djava.rmi.server.hostname=127.0.0.1");
    }

    /** Every attribute of every MBean as text, by its name. */
    @SuppressWarnings("BanJNDI") // the process asked is the test's own
    private static Map<String, String> attributes(int port) throws IOException, JMException {
        Map<String, String> found = new LinkedHashMap<>();
        JMXServiceURL url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi");
        try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            for (ObjectName name : beans.queryNames(null, null)) {
                for (MBeanAttributeInfo attribute : beans.getMBeanInfo(name).getAttributes()) {
                    if (attribute.isReadable()) {
                        found.put(name + " " + attribute.getName(), text(beans, name, attribute.getName()));
                    }
                }
            }
        }
        return found;
    }

    private static String text(MBeanServerConnection beans, ObjectName name, String attribute) {
        try {
            Object value = beans.getAttribute(name, attribute);
            return value instanceof Object[] array ? Arrays.deepToString(array) : String.valueOf(value);
        } catch (IOException | JMException | RuntimeException unsupported) {
            return String.valueOf(unsupported); // what is said instead is looked at, too
        }
    }

    private static String get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
