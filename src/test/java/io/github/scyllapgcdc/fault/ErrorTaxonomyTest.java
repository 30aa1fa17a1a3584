package io.github.scyllapgcdc.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.deadletter.DeadLetterException;
import io.github.scyllapgcdc.event.EventFormatException;
import io.github.scyllapgcdc.registry.RegistryException;
import io.github.scyllapgcdc.registry.RegistryException.Reason;
import io.github.scyllapgcdc.sink.TableStoppedException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;

class ErrorTaxonomyTest {
    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of(new SQLException("deadlock", "40P01"), ErrorClass.RETRY),
                Arguments.of(new SQLTransientConnectionException("no connection"), ErrorClass.RETRY),
                Arguments.of(new SQLException("out of range", "22003"), ErrorClass.POISON),
                Arguments.of(new SQLException("not allowed", "42501"), ErrorClass.FATAL),
                Arguments.of(new TimeoutException("broker"), ErrorClass.RETRY),
                Arguments.of(new UnknownServerException("broker"), ErrorClass.RETRY),
                Arguments.of(new SaslAuthenticationException("password"), ErrorClass.RETRY),
                Arguments.of(new TopicAuthorizationException("topic"), ErrorClass.FATAL),
                Arguments.of(new RecordTooLargeException("record"), ErrorClass.POISON),
                Arguments.of(new KafkaException(new TopicAuthorizationException("topic")), ErrorClass.FATAL),
                Arguments.of(new RegistryException(Reason.UNAVAILABLE, "", null), ErrorClass.RETRY),
                Arguments.of(new RegistryException(Reason.UNAUTHORIZED, "", null), ErrorClass.RETRY),
                Arguments.of(new RegistryException(Reason.UNKNOWN_ID, "", null), ErrorClass.POISON),
                Arguments.of(new RegistryException(Reason.REJECTED, "", null), ErrorClass.FATAL),
                Arguments.of(new DriverTimeoutException("node"), ErrorClass.RETRY),
                Arguments.of(new InvalidQueryException(null, "unconfigured table"), ErrorClass.RETRY),
                Arguments.of(new UnauthorizedException(null, "no SELECT permission"), ErrorClass.FATAL),
                Arguments.of(allNodes(new DriverTimeoutException("node")), ErrorClass.RETRY),
                Arguments.of(allNodes(new UnauthorizedException(null, "no SELECT permission")), ErrorClass.FATAL),
                Arguments.of(vault(HttpStatus.FORBIDDEN), ErrorClass.FATAL),
                Arguments.of(vault(HttpStatus.SERVICE_UNAVAILABLE), ErrorClass.RETRY),
                Arguments.of(new ConnectException("refused"), ErrorClass.RETRY),
                Arguments.of(new EventFormatException("garbage"), ErrorClass.POISON),
                Arguments.of(new DeadLetterException("topic", null), ErrorClass.RETRY),
                Arguments.of(new TableStoppedException("gap"), ErrorClass.FATAL),
                Arguments.of(new ConfigurationException("property"), ErrorClass.FATAL),
                Arguments.of(
                        new ConfigurationException("log-in", allNodes(new DriverTimeoutException("node"))),
                        ErrorClass.RETRY));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void theClassOfAnErrorIsTheSameHoweverDeepItIsWrapped(Exception error, ErrorClass expected) {
        assertThat(ErrorTaxonomy.classify(error)).contains(expected);
        assertThat(ErrorTaxonomy.classify(new IllegalStateException(new RuntimeException(error))))
                .contains(expected);
    }

    @Test
    void anErrorThatNobodyKnowsHasNoClass() {
        assertThat(ErrorTaxonomy.classify(new NullPointerException())).isEqualTo(Optional.empty());
    }

    @Test
    void theReasonOfAFailureIsNotHiddenByThatOfItsRollback() {
        // Given a backend that was terminated, and a rollback that found its connection closed
        SQLException terminated = new SQLException("terminating connection due to administrator command", "57P01");
        TransactionSystemException rollback =
                new TransactionSystemException("Could not roll back", new SQLException("Connection is closed"));
        rollback.initApplicationException(new IllegalStateException(terminated));

        // Then
        assertThat(ErrorTaxonomy.reason(new RuntimeException(rollback))).isEqualTo(terminated.getMessage());
        assertThat(ErrorTaxonomy.reason(
                        new TransactionSystemException("Could not commit", new SQLException("I/O error"))))
                .isEqualTo("I/O error");
    }

    private static Exception allNodes(Throwable error) {
        return AllNodesFailedException.fromErrors(List.of(Map.entry(someNode(), error)));
    }

    /** The driver only keeps it. */
    private static Node someNode() {
        return (Node) Proxy.newProxyInstance(
                Node.class.getClassLoader(),
                new Class<?>[] {Node.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "hashCode" -> 1;
                    case "equals" -> proxy == arguments[0];
                    default -> "node";
                });
    }

    private static Exception vault(HttpStatus status) {
        return status.is5xxServerError()
                ? HttpServerErrorException.create(status, "", new HttpHeaders(), new byte[0], StandardCharsets.UTF_8)
                : HttpClientErrorException.create(status, "", new HttpHeaders(), new byte[0], StandardCharsets.UTF_8);
    }
}
