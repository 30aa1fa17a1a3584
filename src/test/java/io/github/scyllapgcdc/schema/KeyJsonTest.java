package io.github.scyllapgcdc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventTypes;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class KeyJsonTest {
    private static final Schema INT = EventTypes.plain(Schema.Type.INT);
    private static final Schema TEXT = EventTypes.plain(Schema.Type.STRING);

    @Test
    void aKeyIsReadFromTheJsonThatItWasWrittenAs() {
        // Given a key of many types
        KeyJson json = keys(
                INT,
                TEXT,
                EventTypes.bigDecimal(),
                EventTypes.plain(Schema.Type.BYTES),
                EventTypes.timestampMillis(),
                EventTypes.timeNanos(),
                EventTypes.plain(Schema.Type.DOUBLE),
                EventTypes.tuple("t.t", List.of(INT, TEXT)),
                EventTypes.set(EventTypes.date()),
                EventTypes.map("t.m", INT, EventTypes.inet()));
        Object[] key = {
            Integer.MIN_VALUE,
            "a \"b\"",
            new BigDecimal("12345678901234567890.50"),
            ByteBuffer.wrap(new byte[] {0, -1}),
            -1L,
            1L,
            Double.NaN,
            Arrays.asList(null, "x"),
            List.of(Integer.MIN_VALUE, 0),
            Map.of(7, "10.0.0.1")
        };

        // When
        String text = json.write(key);

        // Then
        assertThat(json.read(text)).isEqualTo(key);
        assertThat(text)
                .isEqualTo(
                        "{\"k0\":-2147483648,\"k1\":\"a \\\"b\\\"\",\"k2\":12345678901234567890.50,\"k3\":\"\\\\x00ff\","
                                + "\"k4\":\"1969-12-31T23:59:59.999Z\",\"k5\":\"00:00:00.000000001\",\"k6\":\"NaN\","
                                + "\"k7\":[null,\"x\"],\"k8\":[\"-5877641-06-23\",\"1970-01-01\"],\"k9\":{\"7\":\"10.0.0.1\"}}");
    }

    @Test
    void thePartitionsOwnKeyHasNoClusteringColumns() {
        KeyJson json = keys(INT, TEXT);

        assertThat(json.write(new Object[] {1, null})).isEqualTo("{\"k0\":1}");
        assertThat(json.read("{\"k0\":1}")).containsExactly(1, null);
        assertThat(json.write(new Object[] {1, new Utf8("x")})).isEqualTo("{\"k0\":1,\"k1\":\"x\"}");
    }

    @Test
    void whatIsNoKeyOfTheTableIsRefused() {
        KeyJson json = keys(INT, TEXT);

        for (String text : List.of("{\"k0\":\"1\"}", "{\"k2\":1}", "[1]", "{\"k0\":1", "null", "", "{\"k0\":1.5}")) {
            assertThatThrownBy(() -> json.read(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'" + text + "' is no key of the columns [k0, k1]");
        }
    }

    @Test
    void aValueForPeopleIsPlain() {
        assertThat(ValueText.of(TEXT, new Utf8("a \"b\""))).isEqualTo("a \"b\"");
        assertThat(ValueText.of(INT, 1)).isEqualTo("1");
        assertThat(ValueText.of(INT, null)).isEqualTo("null");
        assertThat(ValueText.of(EventTypes.timestampMillis(), -1L)).isEqualTo("1969-12-31T23:59:59.999Z");
        assertThat(ValueText.of(EventTypes.plain(Schema.Type.FLOAT), Float.NaN)).isEqualTo("NaN");
        assertThat(ValueText.of(EventTypes.plain(Schema.Type.BYTES), ByteBuffer.wrap(new byte[] {10})))
                .isEqualTo("\\x0a");
        assertThat(ValueText.of(EventTypes.list(TEXT), List.of("a"))).isEqualTo("[\"a\"]");
        assertThat(ValueText.of(EventTypes.date(), new UnlikeValue("infinity"))).isEqualTo("infinity");
        assertThat(ValueText.of(EventTypes.list(EventTypes.date()), List.of(0, new UnlikeValue("infinity"))))
                .isEqualTo("[\"1970-01-01\",\"infinity\"]");
    }

    private static KeyJson keys(Schema... types) {
        EventColumn[] columns = new EventColumn[types.length];
        Arrays.setAll(
                columns, i -> new EventColumn("k" + i, i == 0 ? Kind.PARTITION_KEY : Kind.CLUSTERING, types[i], ""));
        return new KeyJson(List.of(columns));
    }
}
