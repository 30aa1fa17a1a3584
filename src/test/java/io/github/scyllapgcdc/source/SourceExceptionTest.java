package io.github.scyllapgcdc.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.DriverTimeoutException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class SourceExceptionTest {

    @Test
    void aClientsMessageNamesItsServer() {
        assertThat(SourceException.oneLine(new DriverTimeoutException("Query timed out after PT15S")))
                .isEqualTo("ScyllaDB: DriverTimeoutException: Query timed out after PT15S");
        assertThat(SourceException.oneLine(new ExecutionException(new TimeoutException("Expiring 1 record(s)"))))
                .isEqualTo("Kafka: TimeoutException: Expiring 1 record(s)");
    }

    @Test
    void whatIsWrittenForPeopleIsLeftAsItIs() {
        assertThat(SourceException.oneLine(new SourceException(
                        SourceException.Kind.RETRY, "topic a.b changed", new TimeoutException("x"))))
                .isEqualTo("topic a.b changed");
    }
}
