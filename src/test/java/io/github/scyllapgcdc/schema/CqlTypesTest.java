package io.github.scyllapgcdc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.data.CqlDuration;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CqlTypesTest {

    static Stream<Arguments> values() throws Exception {
        UUID uuid = UUID.fromString("5b6962dd-3f90-4c93-8f61-eabfa4a803e2");
        return Stream.of(
                Arguments.of(DataTypes.TEXT, "größe 😀", new Utf8("größe 😀")),
                Arguments.of(DataTypes.TEXT, "", new Utf8("")),
                Arguments.of(DataTypes.ASCII, "abc", new Utf8("abc")),
                Arguments.of(DataTypes.BOOLEAN, false, false),
                Arguments.of(DataTypes.TINYINT, (byte) -128, -128),
                Arguments.of(DataTypes.SMALLINT, (short) -1, -1),
                Arguments.of(DataTypes.INT, Integer.MIN_VALUE, Integer.MIN_VALUE),
                Arguments.of(DataTypes.BIGINT, Long.MAX_VALUE, Long.MAX_VALUE),
                Arguments.of(DataTypes.FLOAT, -0.0f, -0.0f),
                Arguments.of(DataTypes.DOUBLE, Math.PI, Math.PI),
                Arguments.of(DataTypes.DECIMAL, new BigDecimal("-0.0100"), new BigDecimal("-0.0100")),
                Arguments.of(DataTypes.VARINT, BigInteger.TEN.pow(40).negate(), new BigDecimal("-1" + "0".repeat(40))),
                Arguments.of(DataTypes.BLOB, ByteBuffer.wrap(new byte[] {1, 0}), ByteBuffer.wrap(new byte[] {1, 0})),
                Arguments.of(DataTypes.UUID, uuid, uuid.toString()),
                Arguments.of(
                        DataTypes.TIMEUUID,
                        UUID.fromString("8ac6d1dc-fbeb-11e9-8f0b-362b9e155667"),
                        "8ac6d1dc-fbeb-11e9-8f0b-362b9e155667"),
                Arguments.of(DataTypes.TIMESTAMP, Instant.ofEpochMilli(-1), -1L),
                Arguments.of(DataTypes.DATE, LocalDate.of(1969, 12, 31), -1),
                Arguments.of(DataTypes.TIME, LocalTime.of(23, 59, 59, 999_999_999), 86_399_999_999_999L),
                Arguments.of(DataTypes.INET, InetAddress.getByName("10.0.0.1"), "10.0.0.1"),
                Arguments.of(DataTypes.INET, InetAddress.getByName("2001:db8::1"), "2001:db8:0:0:0:0:0:1"),
                Arguments.of(DataTypes.DURATION, CqlDuration.newInstance(14, 3, 3_000_000_005L), "P14M3DT3.000000005S"),
                Arguments.of(DataTypes.DURATION, CqlDuration.newInstance(0, -1, -5), "P0M-1DT-0.000000005S"),
                Arguments.of(
                        DataTypes.DURATION, CqlDuration.newInstance(-2, 0, -1_500_000_000L), "P-2M0DT-1.500000000S"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueIsReadFromTheBytesTheDriverWrites(DataType type, Object value, Object expected) {
        // Given the value as the driver serialises it, somewhere inside a larger buffer
        ByteBuffer bytes = CodecRegistry.DEFAULT.codecFor(type, value).encode(value, ProtocolVersion.V5);
        ByteBuffer frame = ByteBuffer.allocate(bytes.remaining() + 8).position(4);
        ByteBuffer inside = frame.put(bytes.duplicate()).flip().position(4).slice();

        // When it is read
        Object read = CqlTypes.reader(type).read(inside);

        // Then it is the event's value, and the buffer can be read again
        assertThat(read).isEqualTo(expected);
        assertThat(CqlTypes.reader(type).read(inside)).isEqualTo(expected);
        assertThat(CqlTypes.avroType(type)).isNotNull();
    }

    @Test
    void typesThatEventsCannotCarryAreNamed() {
        for (DataType type : List.of(DataTypes.listOf(DataTypes.INT), DataTypes.COUNTER)) {
            assertThatThrownBy(() -> CqlTypes.avroType(type))
                    .isInstanceOf(UnsupportedTypeException.class)
                    .hasMessageContaining(type.asCql(false, true));
        }
    }
}
