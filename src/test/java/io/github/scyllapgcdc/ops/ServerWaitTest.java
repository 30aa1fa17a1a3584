package io.github.scyllapgcdc.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.scyllapgcdc.config.ConfigurationException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ServerWaitTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ServerWait.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void detach() {
        logger.detachAppender(log);
    }

    @Test
    void waitsForAServerThatIsDownAndSaysSo() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        Server late = server("PostgreSQL", "postgres.url", () -> {
            if (attempts.incrementAndGet() < 4) {
                throw new IOException("Connection refused");
            }
        });

        assertThat(quick().await(List.of(late))).isTrue();

        assertThat(attempts).hasValue(4);
        assertThat(log.list.get(0).getFormattedMessage())
                .isEqualTo("waiting for PostgreSQL at db:1 (postgres.url): Connection refused, 0 s");
    }

    @Test
    void aRefusalEndsTheWaitThoughAnotherServerIsStillDown() {
        Server down = server("Kafka", "kafka.bootstrap.servers", () -> {
            throw new IOException("Connection refused");
        });
        Server refusing = server("PostgreSQL", "postgres.url", () -> {
            throw new ConfigurationException("PostgreSQL at db:1 refused user 'x'");
        });

        assertThatThrownBy(() -> quick().await(List.of(down, refusing)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("PostgreSQL at db:1 refused user 'x'");
    }

    @Test
    void givesUpWhenTheProcessIsToStop() throws Exception {
        Server down = server("Kafka", "kafka.bootstrap.servers", () -> {
            throw new IOException("Connection refused");
        });
        AtomicInteger asked = new AtomicInteger();

        ServerWait wait =
                new ServerWait(() -> asked.incrementAndGet() > 3, Duration.ofMillis(10), Duration.ofSeconds(1));

        assertThat(wait.await(List.of(down))).isFalse();
    }

    private static ServerWait quick() {
        return new ServerWait(() -> false, Duration.ofMillis(10), Duration.ofSeconds(5));
    }

    private static Server server(String name, String property, Server.Check check) {
        return new Server(name, name, "db:1", property, check, check);
    }
}
