package io.github.scyllapgcdc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.EventTypes;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.stream.Stream;
import org.apache.avro.Schema;
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
                Arguments.of(EventTypes.isoDuration(), "P0M-1DT-0.000005S", "-1 days -00:00:00.000005"));
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
