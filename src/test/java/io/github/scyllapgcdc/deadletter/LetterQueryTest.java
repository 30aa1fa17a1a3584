package io.github.scyllapgcdc.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LetterQueryTest {
    private static final StoredLetter REFUSED = letter(
            DeadLetterTopic.SINK,
            "6f9619ff/0/7",
            Map.of(
                    DeadLetterHeaders.TOPIC, "shop.users",
                    DeadLetterHeaders.ERROR_CLASS, "org.postgresql.util.PSQLException",
                    DeadLetterHeaders.ERROR_MESSAGE, "ERROR: new row violates check constraint \"users_name_check\"",
                    DeadLetterHeaders.ERROR_SQLSTATE, "23514"));
    private static final StoredLetter TOO_LARGE = letter(
            DeadLetterTopic.SOURCE,
            "shop.users/00ff:1:0",
            Map.of(
                    DeadLetterHeaders.TOPIC, "shop.users",
                    DeadLetterHeaders.ERROR_MESSAGE, "the event is too large for Kafka: 23514 bytes",
                    DeadLetterHeaders.REPLAYED_AT, "2026-01-02T03:04:05Z"));

    private static StoredLetter letter(String topic, String id, Map<String, String> texts) {
        Headers headers = new RecordHeaders();
        texts.forEach((name, text) -> headers.add(name, text.getBytes(StandardCharsets.UTF_8)));
        return new StoredLetter(topic, 0, 1, id, headers, new byte[] {1});
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "table, shop.users, true, true",
        "table, shop.user, false, false",
        "topic, dlq-postgres-sink, true, false",
        "error, CHECK constraint, true, false",
        "error, psqlexception, true, false",
        "error, 23514, true, true",
        "error, 2351, false, true",
        "error, 23505, false, false",
        "state, pending, true, false",
        "state, Replayed, false, true",
        "limit, 1, true, true",
    })
    void oneCondition(String name, String value, boolean refused, boolean tooLarge) {
        LetterQuery query = LetterQuery.of(Map.of(name, value));

        assertThat(query.matches(REFUSED)).isEqualTo(refused);
        assertThat(query.matches(TOO_LARGE)).isEqualTo(tooLarge);
        assertThat(query.meansAll()).isEqualTo(name.equals("limit"));
    }

    @Test
    void allConditionsHaveToBeMet() {
        assertThat(LetterQuery.of(Map.of("ids", List.of("6f9619ff/0/7", "other"), "error", "check"))
                        .matches(REFUSED))
                .isTrue();
        assertThat(LetterQuery.of(Map.of("ids", List.of("other"), "error", "check"))
                        .matches(REFUSED))
                .isFalse();
        assertThat(LetterQuery.of(Map.of("table", "shop.users", "state", "replayed"))
                        .matches(REFUSED))
                .isFalse();
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "table, users, is not a table",
        "topic, shop.users, 'expected one of dlq-postgres-sink, dlq-scylla-source'",
        "state, done, expected pending or replayed",
        "limit, 0, expected a number from 1 on",
        "limit, many, expected a number from 1 on",
        "error, ' ', expected one text",
        "ids, 6f9619ff/0/7, expected a list",
    })
    void whatIsWrongIsNamed(String name, String value, String message) {
        assertThatThrownBy(() -> LetterQuery.of(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(value.strip())
                .hasMessageContaining(message);
    }

    @Test
    void theRecordOfALetterIsKnownWhereItSaysWhichItWas() {
        Headers headers = new RecordHeaders();
        headers.add(DeadLetterHeaders.TOPIC, "shop.users".getBytes(StandardCharsets.UTF_8));
        headers.add(DeadLetterHeaders.PARTITION, "2".getBytes(StandardCharsets.UTF_8));
        headers.add(DeadLetterHeaders.OFFSET, "1234567890123".getBytes(StandardCharsets.UTF_8));
        headers.add(DeadLetterHeaders.KEY, new byte[] {7});
        byte[] value = {1};

        assertThat(new StoredLetter(DeadLetterTopic.SINK, 0, 1, "id", headers, value).original())
                .hasValueSatisfying(record -> {
                    assertThat(record.position()).isEqualTo("shop.users-2@1234567890123");
                    assertThat(record.key()).containsExactly(7);
                    assertThat(record.value()).isSameAs(value);
                });
        assertThat(new StoredLetter(DeadLetterTopic.SOURCE, 0, 1, "id", headers, value).original())
                .isEmpty();
        headers.add(DeadLetterHeaders.OFFSET, "-1".getBytes(StandardCharsets.UTF_8));
        assertThat(new StoredLetter(DeadLetterTopic.SINK, 0, 1, "id", headers, value).original())
                .isEmpty();
    }
}
