package io.github.scyllapgcdc.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ServerBreakerTest {
    private final ServerBreaker breaker = new ServerBreaker("the server", IOException.class::isInstance);
    private final AtomicInteger asked = new AtomicInteger();

    private String ask(boolean up) throws IOException {
        return breaker.call(
                () -> {
                    asked.incrementAndGet();
                    if (!up) {
                        throw new IOException("connection refused");
                    }
                    return "answer";
                },
                IOException::new);
    }

    @Test
    void aServerThatIsDownIsLeftAloneAndTriedAgainLater() throws IOException {
        // Given a server that failed three times in a row
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> ask(false)).hasMessage("connection refused");
        }

        // When it is asked further
        assertThatThrownBy(() -> ask(true))
                .isInstanceOf(IOException.class)
                .hasMessage("the server is left alone for a moment after 3 failures in a row; the last was: connection"
                        + " refused");

        // Then the call does not reach it, until a moment has passed
        assertThat(asked).hasValue(3);
        assertThat(breaker.isOpen()).isTrue();
        await().ignoreExceptions().until(() -> ask(true).equals("answer"));
        assertThat(breaker.isOpen()).isFalse();
        assertThat(ask(true)).isEqualTo("answer");
    }

    @Test
    void aServerThatRefusesWhatIsAskedIsNotDown() throws IOException {
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> breaker.call(
                            () -> {
                                throw new IllegalArgumentException("no such thing");
                            },
                            IllegalStateException::new))
                    .isInstanceOf(IllegalArgumentException.class);
        }

        assertThat(ask(true)).isEqualTo("answer");
    }
}
