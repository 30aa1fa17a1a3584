package io.github.scyllapgcdc.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CdcConfigTest {

    @Test
    void everythingHasADefault() {
        CdcConfig config = CdcConfig.of(Settings.of(Map.of()));

        assertThat(config.scylla().contactPoints()).containsExactly(new HostPort("127.0.0.1", 9042));
        assertThat(config.scylla().login().current()).isEmpty();
        assertThat(config.source())
                .isEqualTo(new SourceConfig(
                        true,
                        Snapshot.INITIAL,
                        Duration.ofSeconds(1),
                        Optional.empty(),
                        Duration.ofMillis(100),
                        5000,
                        Duration.ofMillis(20),
                        8,
                        2000,
                        -1));
        assertThat(config.sink())
                .isEqualTo(new SinkConfig(
                        3000,
                        Duration.ofMillis(100),
                        -1,
                        Duration.ofMillis(500),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        true,
                        SinkConfig.SchemaEvolution.ADDITIVE,
                        SinkConfig.Ttl.APPLY,
                        SinkConfig.TextNul.REJECT,
                        SinkConfig.TimeRange.REJECT,
                        1000,
                        SinkConfig.OnGap.STOP,
                        "${topic}"));
        assertThat(config.tracing()).isEqualTo(new TracingConfig(false, Optional.empty(), 0.001));
        assertThat(config.topic()).isEqualTo(new TopicConfig(3, (short) 1));
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "tracing.enabled|yes|true or false",
                "tracing.sample-ratio|1.5|a number from 0 to 1",
                "tracing.sample-ratio|NaN|a number from 0 to 1",
                "tracing.sample-ratio|often|a number",
                "tracing.otlp.endpoint|jaeger:4318|the URL of an OTLP receiver over HTTP, such as http://jaeger:4318",
                "scylla.contact-points|10.0.0.1:99999|host:port, or several with commas between",
                "scylla.contact-points|a,,b|host:port, or several with commas between",
                "kafka.bootstrap.servers|PLAINTEXT://a:1|host:port, or several with commas between",
                "schema.registry.url|localhost:8081|http://host:port or https://host:port",
                "postgres.url|postgres://localhost/db|jdbc:postgresql://host:port/database",
                "source.enabled|yes|true or false",
                "source.max.restarts|-2|-1 to 1000000 restarts",
                "source.max-clock-skew.ms|-1|0 to 600000 milliseconds",
                "source.max-clock-skew.ms|1s|a whole number of milliseconds",
                "source.confidence-window.ms|3600001|0 to 3600000 milliseconds",
                "source.poll.interval.ms|0|1 to 60000 milliseconds",
                "source.batch.size|0|1 to 100000 changes",
                "source.batch.size|many|a whole number",
                "source.batch.linger.ms|-5|0 to 10000 milliseconds",
                "source.read.parallelism|257|1 to 256 queries",
                "source.read.page-size|0|1 to 100000 rows",
                "sink.batch.size|100001|1 to 100000 changes",
                "sink.linger.ms|0|1 to 60000 milliseconds",
                "sink.max.retries|-2|-1 to 2147483647 (-1: for as long as it takes)",
                "sink.retry.backoff.ms|0|1 to 3600000 milliseconds",
                "sink.retry.backoff.max.ms|100|500 to 3600000 milliseconds",
                "sink.max.poll.interval.ms|10|5000 to 86400000 milliseconds",
                "sink.table.name.format|users|a name that holds ${topic}",
                "topic.partitions|0|1 to 10000 partitions",
                "topic.replication.factor|0|1 to 100 copies, or -1",
                "topic.replication.factor|70000|-1 to 100 copies",
                "routes.tables.scan.interval.ms|1|50 to 60000 milliseconds",
                "routes.restart.backoff.ms|1|50 to 30000 milliseconds",
                "reconcile.period.ms|0|1000 to 31536000000 milliseconds",
                "reconcile.scheduled|maybe|true or false",
            })
    void aWrongValueNamesItsPropertyTheValueAndWhatIsAllowed(String property, String value, String allowed) {
        Settings settings = Settings.of(Map.of(property, value));

        assertThatThrownBy(() -> CdcConfig.of(settings))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(property + "=" + value + " is refused: expected " + allowed);
    }

    @Test
    void listsOfServersMayLeaveThePortOut() {
        CdcConfig config = CdcConfig.of(Settings.of(Map.of("scylla.contact-points", "db1, [::1]:9043,10.0.0.2")));

        assertThat(config.scylla().contactPoints())
                .isEqualTo(
                        List.of(new HostPort("db1", 9042), new HostPort("::1", 9043), new HostPort("10.0.0.2", 9042)));
        assertThat(config.scylla().address()).isEqualTo("db1:9042,[::1]:9043,10.0.0.2:9042");
    }

    @Test
    void kafkaClientPropertiesReachEveryClient() {
        CdcConfig config = CdcConfig.of(Settings.of(
                Map.of("kafka.bootstrap.servers", "a:1,b:2", "kafka.client.security.protocol", "SASL_SSL")));

        assertThat(config.kafka().adminProperties())
                .isEqualTo(Map.of("bootstrap.servers", "a:1,b:2", "security.protocol", "SASL_SSL"));
    }

    @Test
    void noTextFormHoldsASecret() {
        Map<String, String> properties = new HashMap<>();
        for (String prefix : List.of("scylla", "postgres", "schema.registry")) {
            properties.put(prefix + ".username", "alice");
            properties.put(prefix + ".password", "s3cret");
        }
        properties.put("postgres.url", "jdbc:postgresql://db/x?user=a&password=s3cret");
        properties.put("kafka.client.sasl.jaas.config", "password=s3cret");

        assertThat(CdcConfig.of(Settings.of(properties)).toString())
                .contains("alice")
                .doesNotContain("s3cret");
    }

    @Test
    void noMessageHoldsASecret() {
        assertThatThrownBy(() -> CdcConfig.of(
                        Settings.of(Map.of("postgres.url", "jdbc:postgresql://alice:s3cret@db/x?password=s3cret"))))
                .hasMessageContaining("postgres.url=jdbc:postgresql://***@db/x")
                .hasMessageNotContaining("s3cret");
        assertThatThrownBy(
                        () -> CdcConfig.of(Settings.of(Map.of("schema.registry.url", "http://alice:s3cret@registry"))))
                .hasMessageContaining("schema.registry.url=http://***@registry")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void aBlankValueCountsAsNotSet() {
        CdcConfig config =
                CdcConfig.of(Settings.of(Map.of("source.batch.size", " ", "source.confidence-window.ms", "")));

        assertThat(config.source().batchSize()).isEqualTo(5000);
        assertThat(config.source().confidenceWindow()).isEmpty();
    }
}
