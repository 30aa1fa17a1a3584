package io.github.scyllapgcdc.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.TemporalUnitOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

/** The lines that the application's own logback.xml makes. */
class LogLineTest {
    private static final String CHANGE = "c3f1a2b4d5e6:0d1e2f3a-4b5c-11ef-8a9b-0c1d2e3f4a5b:12";

    @AfterEach
    void clearContext() {
        MDC.clear();
    }

    @Test
    void aJsonLineSaysWhenWhereAndWhat() throws Exception {
        // Given
        LogContext.thread("postgres-sink-users", "ecommerce.users");
        // When
        JsonNode line = json(log -> log.warn(
                "Batch failed:\n  {}",
                "too bad",
                new IOException("outer\n again", new IllegalStateException("inner"))));
        // Then
        assertThat(Instant.parse(line.path("time").asText())).isCloseTo(Instant.now(), within(60));
        assertThat(line.path("time").asText()).hasSize("2026-11-20T10:11:12.345Z".length());
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("logger").asText()).isEqualTo("io.github.scyllapgcdc.Sample");
        assertThat(line.path("thread").asText())
                .isEqualTo(Thread.currentThread().getName());
        assertThat(line.path("route").asText()).isEqualTo("postgres-sink-users");
        assertThat(line.path("table").asText()).isEqualTo("ecommerce.users");
        assertThat(line.path("message").asText()).isEqualTo("Batch failed:\n  too bad");
        assertThat(line.path("exception").asText())
                .isEqualTo("IOException: outer again ← IllegalStateException: inner");
        assertThat(line.has("change_id")).isFalse();
    }

    @Test
    void whatTheMessageNamesWinsOverTheThread() throws Exception {
        // Given
        LogContext.thread("upkeep", "ecommerce.users");
        // When
        JsonNode line = json(log -> log.warn(
                "change={} table={} route={} dead-lettered: x", CHANGE, "shop.orders", "scylla-source-orders"));
        // Then
        assertThat(line.path("change_id").asText()).isEqualTo(CHANGE);
        assertThat(line.path("table").asText()).isEqualTo("shop.orders");
        assertThat(line.path("route").asText()).isEqualTo("scylla-source-orders");
    }

    @Test
    void theDeadLettersOfTheSinkAndTheStartsOfRoutesAreUnderstood() throws Exception {
        assertThat(json(log -> log.warn("Dead letter: record={} changeId={} sqlState=none", "a.b-0@7", CHANGE))
                        .path("change_id")
                        .asText())
                .isEqualTo(CHANGE);
        assertThat(json(log -> log.warn("Dead letter: record={} changeId={}", "a.b-0@7", "unknown"))
                        .has("change_id"))
                .isFalse();
        assertThat(json(log -> log.info("route {} is running", "scylla-source-users"))
                        .path("route")
                        .asText())
                .isEqualTo("scylla-source-users");
        assertThat(json(log -> log.info("the route is running")).has("route")).isFalse();
        assertThat(json(log -> log.info("Upkeep waits: topic={}", "all")).has("table"))
                .isFalse();
    }

    @Test
    void aTextLineIsOneLineWithRouteAndCause() throws Exception {
        MDC.put(LogContext.ROUTE, "apply");
        assertThat(lines("text", log -> log.warn("It\n failed", new IOException("no\nway"))))
                .singleElement()
                .asString()
                .endsWith(" WARN  [apply] i.g.s.Sample - It failed ← IOException: no way");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void noSecretIsInALine(String format) throws Exception {
        String secret = "s3cr3t-W0rd!";
        List<String> lines = lines(format, log -> {
            log.info("connecting to jdbc:postgresql://db:5432/x?user=cdc&password={}&sslmode=require", secret);
            log.info("Authorization: Bearer {}", secret);
            log.info("headers {Authorization=[Basic {}], X-Vault-Token=[{}]}", secret, secret);
            log.info("X-Vault-Token: {}", secret);
            log.info(
                    "sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required username=\"u\" password=\"{}\";",
                    secret);
            log.info("{\"username\":\"cdc\",\"password\":\"{}\",\"client_token\":\"{}\"}", secret, secret);
            log.info("https://cdc:{}@registry:8081/subjects", secret);
            log.info("vault.approle.secret-id={} camel.ssl.keystorePassword={}", secret, secret);
            log.warn("failed", new IOException("jdbc:postgresql://db/x?password=" + secret));
            log.warn("failed", new IllegalStateException("x", new IOException("the password=" + secret + " is wrong")));
        });
        assertThat(lines).hasSize(10).noneMatch(line -> line.contains("s3cr3t")).allMatch(line -> line.contains("***"));
        // And the rest of a line stays
        assertThat(lines.get(0)).contains("jdbc:postgresql://db:5432/x?user=cdc&password=***&sslmode=require");
        assertThat(lines.get(9)).contains("password=*** is wrong");
    }

    @Test
    void whatIsNoSecretIsLeftAlone() {
        for (String text : List.of(
                "postgres.password: Vault at http://127.0.0.1:8200 has no secret cdc/postgres",
                "vault.token.file=/run/secrets/token is refused",
                "token ranges 5 of 10, table=ecommerce.users",
                "https://registry:8081/subjects",
                "change=" + CHANGE + " table=ecommerce.users dead-lettered: basic types only")) {
            assertThat(Redaction.of(text)).isEqualTo(text);
        }
    }

    @Test
    @Timeout(5)
    void aLineAsLongAsALargeRowIsNoTrouble() {
        for (String part : List.of("a", "token", "\\\"", "x.password ", "://a", "\"secret\":\"")) {
            String row = part.repeat(1_000_000 / part.length());
            assertThat(Redaction.of(row)).isNotEmpty();
        }
        String quoted = "password=\"" + "x\\\"".repeat(1000) + "\"";
        assertThat(Redaction.of(quoted)).isEqualTo("password=***");
    }

    private static JsonNode json(Consumer<Logger> logging) throws IOException, JoranException {
        List<String> lines = lines("json", logging);
        assertThat(lines).hasSize(1);
        return new ObjectMapper().readTree(lines.get(0));
    }

    /** What an application with this format would print. */
    private static List<String> lines(String format, Consumer<Logger> logging) throws JoranException {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(MDC.getMDCAdapter());
        context.putProperty("log.format", format);
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LogLineTest.class.getResource("/logback.xml"));
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .noneMatch(status -> status.getEffectiveLevel() >= Status.WARN);
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        ConsoleAppender<ILoggingEvent> console = (ConsoleAppender<ILoggingEvent>) root.getAppender("console");
        List<String> printed = new ArrayList<>();
        AppenderBase<ILoggingEvent> collecting = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                printed.add(new String(console.getEncoder().encode(event), StandardCharsets.UTF_8));
            }
        };
        root.detachAppender(console);
        collecting.setContext(context);
        collecting.start();
        root.addAppender(collecting);
        logging.accept(context.getLogger("io.github.scyllapgcdc.Sample"));
        context.stop();
        return printed.stream().map(String::stripTrailing).toList();
    }

    private static TemporalUnitOffset within(long seconds) {
        return Assertions.within(seconds, ChronoUnit.SECONDS);
    }
}
