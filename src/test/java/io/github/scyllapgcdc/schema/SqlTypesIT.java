package io.github.scyllapgcdc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.sink.MetadataSchema;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each type travels in an array and is in Postgres what it was in the event. */
class SqlTypesIT {

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of(EventTypes.plain(Schema.Type.BOOLEAN), true, "true"),
                Arguments.of(EventTypes.narrowInt(8), -128, "-128"),
                Arguments.of(EventTypes.narrowInt(16), 32767, "32767"),
                Arguments.of(EventTypes.plain(Schema.Type.INT), Integer.MIN_VALUE, "-2147483648"),
                Arguments.of(EventTypes.plain(Schema.Type.LONG), Long.MIN_VALUE, "-9223372036854775808"),
                Arguments.of(EventTypes.plain(Schema.Type.FLOAT), 1.1f, "1.1"),
                Arguments.of(EventTypes.plain(Schema.Type.DOUBLE), -0.0d, "-0"),
                Arguments.of(
                        EventTypes.bigDecimal(),
                        new BigDecimal("-12345678901234567890.0010"),
                        "-12345678901234567890.0010"),
                Arguments.of(EventTypes.bigDecimal(), new BigDecimal("1E+3"), "1000"),
                Arguments.of(
                        EventTypes.plain(Schema.Type.STRING),
                        "a,\"b\"\\{}\u00e9\ud83d\ude00 NULL",
                        "a,\"b\"\\{}\u00e9\ud83d\ude00 NULL"),
                Arguments.of(EventTypes.plain(Schema.Type.STRING), "", ""),
                Arguments.of(EventTypes.plain(Schema.Type.BYTES), ByteBuffer.wrap(new byte[] {0, -1}), "\\x00ff"),
                Arguments.of(
                        EventTypes.uuid(),
                        "5b6962dd-3f90-4c93-8f61-eabfa4a803e2",
                        "5b6962dd-3f90-4c93-8f61-eabfa4a803e2"),
                Arguments.of(EventTypes.timestampMillis(), 1_700_000_000_123L, "2023-11-14 22:13:20.123+00"),
                Arguments.of(EventTypes.timestampMillis(), -62_135_596_800_001L, "0001-12-31 23:59:59.999+00 BC"),
                Arguments.of(EventTypes.timestampMillis(), 32_503_680_000_001L, "3000-01-01 00:00:00.001+00"),
                Arguments.of(EventTypes.date(), -1, "1969-12-31"),
                Arguments.of(EventTypes.timeNanos(), 86_399_999_999_999L, "23:59:59.999999"),
                Arguments.of(EventTypes.inet(), "2001:db8:0:0:0:0:0:1", "2001:db8::1/128"),
                Arguments.of(EventTypes.isoDuration(), "P14M3DT3.000005S", "1 year 2 mons 3 days 00:00:03.000005"),
                Arguments.of(EventTypes.isoDuration(), "P0M-1DT-0.000005S", "-1 days -00:00:00.000005"),
                Arguments.of(EventTypes.date(), -719_163, "0001-12-31 BC"),
                Arguments.of(EventTypes.date(), 2_145_042_905, "5874897-12-31"),
                Arguments.of(EventTypes.date(), -2_440_588, "4714-11-24 BC"),
                Arguments.of(EventTypes.timestampMillis(), 9_224_318_015_999_999L, "294276-12-31 23:59:59.999+00"),
                Arguments.of(EventTypes.timestampMillis(), -210_866_803_200_000L, "4714-11-24 00:00:00+00 BC"),
                Arguments.of(EventTypes.list(EventTypes.plain(Schema.Type.INT)), List.of(3, 1, 2, 1), "{3,1,2,1}"),
                Arguments.of(EventTypes.list(EventTypes.plain(Schema.Type.INT)), List.of(), "{}"),
                Arguments.of(
                        EventTypes.list(EventTypes.plain(Schema.Type.STRING)),
                        List.of("a,b", "", "NULL", "q\"\\", "{}"),
                        "{\"a,b\",\"\",\"NULL\",\"q\\\"\\\\\",\"{}\"}"),
                Arguments.of(EventTypes.set(EventTypes.plain(Schema.Type.STRING)), List.of("b", "a", "c"), "{a,b,c}"),
                Arguments.of(EventTypes.set(EventTypes.plain(Schema.Type.LONG)), List.of(), "{}"),
                Arguments.of(
                        EventTypes.set(EventTypes.timestampMillis()),
                        List.of(1L, 0L),
                        "{\"1970-01-01 00:00:00+00\",\"1970-01-01 00:00:00.001+00\"}"),
                Arguments.of(
                        EventTypes.list(EventTypes.plain(Schema.Type.BYTES)),
                        List.of(ByteBuffer.wrap(new byte[] {0, -1})),
                        "{\"\\\\x00ff\"}"),
                Arguments.of(EventTypes.list(EventTypes.timeNanos()), List.of(1_500L), "{00:00:00.000001}"),
                Arguments.of(EventTypes.list(EventTypes.date()), List.of(0), "{1970-01-01}"),
                Arguments.of(EventTypes.list(EventTypes.bigDecimal()), List.of(new BigDecimal("1.50")), "{1.50}"),
                Arguments.of(
                        EventTypes.vector(EventTypes.plain(Schema.Type.FLOAT), 2),
                        List.of(1.5f, Float.NaN),
                        "{1.5,NaN}"),
                Arguments.of(MAP, Map.of("k", 1L), "{\"k\": 1}"),
                Arguments.of(
                        EventTypes.map("t.m", EventTypes.plain(Schema.Type.INT), EventTypes.plain(Schema.Type.DOUBLE)),
                        Map.of(7, Double.NEGATIVE_INFINITY),
                        "{\"7\": \"-Infinity\"}"),
                Arguments.of(
                        EventTypes.map("t.m", PAIR, EventTypes.timeNanos()),
                        Map.of(List.of(1, "x"), 1L),
                        "{\"[1,\\\"x\\\"]\": \"00:00:00.000000001\"}"),
                Arguments.of(PAIR, Arrays.asList(null, "x"), "[null, \"x\"]"),
                Arguments.of(
                        EventTypes.record("t.r", Map.of("f", EventTypes.date())), Arrays.asList(new Object[1]), "{}"),
                Arguments.of(
                        EventTypes.record("t.r", Map.of("odd name", EventTypes.timestampMillis())),
                        List.of(-1L),
                        "{\"odd name\": \"1969-12-31T23:59:59.999Z\"}"),
                Arguments.of(
                        EventTypes.set(EventTypes.list(EventTypes.plain(Schema.Type.INT))),
                        List.of(List.of(2), List.of(1)),
                        "[[1], [2]]"),
                Arguments.of(
                        EventTypes.list(EventTypes.set(EventTypes.bigDecimal())),
                        List.of(List.of(new BigDecimal("12345678901234567890.10"))),
                        "[[12345678901234567890.10]]"));
    }

    private static final Schema MAP =
            EventTypes.map("t.m", EventTypes.plain(Schema.Type.STRING), EventTypes.plain(Schema.Type.LONG));
    private static final Schema PAIR = EventTypes.tuple(
            "t.pair", List.of(EventTypes.plain(Schema.Type.INT), EventTypes.plain(Schema.Type.STRING)));

    @BeforeAll
    static void createFunctions() throws Exception {
        try (Connection connection =
                DriverManager.getConnection(TestStack.get().endpoints().postgresJdbcUrl())) {
            MetadataSchema.create(connection);
        }
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueArrivesAsItWasSent(Schema avroType, Object value, String expected) throws Exception {
        // Given the value and a null, as one array
        SqlType type = SqlTypes.of(avroType);
        Object[] elements = type.newArray(2);
        elements[0] = type.toElement(value);
        elements[1] = type.toElement(null);

        // When the statement unnests it into the column's type
        try (Connection connection =
                        DriverManager.getConnection(TestStack.get().endpoints().postgresJdbcUrl());
                PreparedStatement select = connection.prepareStatement("SELECT (" + type.expression("e") + ")::"
                        + type.name() + "::text, pg_typeof(" + type.expression("e") + ")::text FROM unnest(?::"
                        + type.element() + "[]) AS t(e)")) {
            connection.createStatement().execute("SET TIME ZONE 'UTC'");
            select.setArray(1, connection.createArrayOf(type.element(), elements));
            try (ResultSet rows = select.executeQuery()) {
                // Then it is the same value, of that type
                rows.next();
                assertThat(rows.getString(1)).isEqualTo(expected);
                assertThat(rows.getString(2)).isEqualTo(type.name());
                rows.next();
                assertThat(rows.getString(1)).isNull();
            }
        }
    }
}
