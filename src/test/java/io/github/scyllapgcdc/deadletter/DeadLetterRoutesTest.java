package io.github.scyllapgcdc.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.TestPorts;
import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.registry.InMemoryRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** routes/dead-letters.camel.yaml as the application runs it: what it refuses before it needs a server. */
class DeadLetterRoutesTest extends CamelMainTestSupport {
    private final int port = TestPorts.free();

    @Override
    protected void configure(MainConfigurationProperties main) {
        main.withRoutesIncludePattern("file:routes/dead-letters.camel.yaml");
        main.httpServer().withEnabled(true).withHost("127.0.0.1").withPort(port);
    }

    @Override
    protected Properties useOverridePropertiesWithPropertiesComponent() {
        return new Properties();
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        TestPorts.serve(registry, port);
        registry.bind(
                DeadLetterHttp.BEAN,
                new DeadLetterHttp(new DeadLetterRequests(
                        new KafkaConfig("127.0.0.1:1", Map.of("default.api.timeout.ms", "500")),
                        new InMemoryRegistry(),
                        requests -> {},
                        (record, topicId, group) -> {})));
    }

    @ParameterizedTest(name = "GET {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/dlq?tabel=shop.users|tabel is not known here: expected error, limit, state, table, topic",
                "/dlq?table=users|\"users\" is not a table",
                "/dlq?limit=10001|expected at most 10000",
                "/dlq?error=|error= is refused",
                "/dlq/letter|id is missing",
            })
    void aWrongQuestionIsNamed(String path, String error) throws Exception {
        HttpResponse<String> answer = send(request(path));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").asText()).contains(error);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    }

    @ParameterizedTest(name = "POST {0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/dlq/purge|{}|which letters? give ids, topic, table, error or state, or all=true",
                "/dlq/purge|{\"limit\": 5}|which letters?",
                "/dlq/purge|{\"all\": true, \"table\": \"shop.users\"}|all=true is refused together",
                "/dlq/purge|{\"all\": \"yes\"}|all=yes is refused: expected true or false",
                "/dlq/replay|{\"agian\": true}|agian is not known here",
                "/dlq/replay|[1]|the body is not JSON of the form",
                "/dlq/replay|table=shop.users|the body is not JSON of the form",
                "/dlq/replay|null|the body is empty",
            })
    void aWrongOrderIsNamed(String path, String body, String error) throws Exception {
        HttpResponse<String> answer = send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").asText()).contains(error);
    }

    @Test
    void aServerThatIsAwayIsNamed() throws Exception {
        HttpResponse<String> answer = send(request("/dlq?limit=1"));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(json(answer).path("error").asText()).startsWith("Kafka (kafka.bootstrap.servers) failed, try again");
    }

    @Test
    void whatChangesSomethingTakesJsonAlone() throws Exception {
        // A browser sends a form, or plain text, to any address that a page names
        HttpResponse<String> answer = send(request("/dlq/purge")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{\"all\": true}")));
        assertThat(answer.statusCode()).isEqualTo(415);
        HttpResponse<String> untyped =
                send(request("/dlq/purge").POST(HttpRequest.BodyPublishers.ofString("{\"all\": true}")));
        assertThat(untyped.statusCode()).isBetween(400, 415);
        assertThat(send(request("/dlq/purge")).statusCode()).isEqualTo(405);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }
}
