package io.github.scyllapgcdc.refresh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RefreshRequestTest {

    @Test
    void aRequestComesBackAsItWasSent() {
        // Given
        byte[] key = {0, 0, 0, 0, 7, 2};

        // When
        ProducerRecord<byte[], byte[]> sent = new RefreshRequest("shop.orders", key, "lost its partition").toRecord();

        // Then
        assertThat(sent.topic()).isEqualTo("cdc-refresh");
        assertThat(sent.key()).isEqualTo("shop.orders".getBytes(UTF_8));
        assertThat(sent.value()).isEqualTo(key);
        assertThat(RefreshRequest.of(arrived(sent, sent.headers().toArray().length == 2)))
                .hasValueSatisfying(request -> {
                    assertThat(request.topic()).isEqualTo("shop.orders");
                    assertThat(request.key()).isEqualTo(key);
                    assertThat(request.reason()).isEqualTo("lost its partition");
                });
        assertThat(RefreshRequest.of(arrived(sent, false)).map(RefreshRequest::topic))
                .contains("shop.orders");
    }

    @Test
    void aRecordWithoutTableOrKeyIsNoRequest() {
        assertThat(RefreshRequest.of(arrived(new ProducerRecord<>("cdc-refresh", null, new byte[1]), false)))
                .isEmpty();
        assertThat(RefreshRequest.of(arrived(new ProducerRecord<>("cdc-refresh", new byte[1], null), false)))
                .isEmpty();
    }

    private static ConsumerRecord<byte[], byte[]> arrived(ProducerRecord<byte[], byte[]> sent, boolean headers) {
        return new ConsumerRecord<>(
                sent.topic(),
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                headers ? sent.headers() : new RecordHeaders(),
                Optional.empty());
    }
}
