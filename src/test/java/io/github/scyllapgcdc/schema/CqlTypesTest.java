package io.github.scyllapgcdc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.data.CqlDuration;
import com.datastax.oss.driver.api.core.data.CqlVector;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.TupleType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import com.datastax.oss.driver.internal.core.type.UserDefinedTypeBuilder;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EncodedEvent;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.SourcePosition;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.registry.InMemoryRegistry;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CqlTypesTest {
    private static final TableId TABLE = new TableId("shop", "t");
    private static final TupleType TUPLE = DataTypes.tupleOf(DataTypes.VARINT, DataTypes.TEXT);
    private static final UserDefinedType POINT = user("point", Map.of("x", DataTypes.INT));
    private static final UserDefinedType ADDRESS = user(
            "address",
            ordered(
                    "street",
                    DataTypes.TEXT,
                    "The no",
                    DataTypes.INT,
                    "at",
                    POINT,
                    "tags",
                    DataTypes.mapOf(DataTypes.INT, DataTypes.frozenListOf(DataTypes.DECIMAL))));

    static Stream<Arguments> scalars() throws Exception {
        UUID uuid = UUID.fromString("5b6962dd-3f90-4c93-8f61-eabfa4a803e2");
        return Stream.of(
                Arguments.of(DataTypes.TEXT, "größe 😀", new Utf8("größe 😀")),
                Arguments.of(DataTypes.TEXT, "", new Utf8("")),
                Arguments.of(DataTypes.ASCII, "abc", new Utf8("abc")),
                Arguments.of(DataTypes.BOOLEAN, false, false),
                Arguments.of(DataTypes.BOOLEAN, true, true),
                Arguments.of(DataTypes.TINYINT, (byte) -128, -128),
                Arguments.of(DataTypes.SMALLINT, (short) -1, -1),
                Arguments.of(DataTypes.INT, Integer.MIN_VALUE, Integer.MIN_VALUE),
                Arguments.of(DataTypes.BIGINT, Long.MAX_VALUE, Long.MAX_VALUE),
                Arguments.of(DataTypes.FLOAT, -0.0f, -0.0f),
                Arguments.of(DataTypes.DOUBLE, Math.PI, Math.PI),
                Arguments.of(DataTypes.DECIMAL, new BigDecimal("-0.0100"), new BigDecimal("-0.0100")),
                Arguments.of(DataTypes.DECIMAL, new BigDecimal("1E+30"), new BigDecimal("1E+30")),
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

    static Stream<Arguments> containers() {
        BigDecimal big = new BigDecimal("-1" + "0".repeat(40));
        return Stream.of(
                Arguments.of(DataTypes.listOf(DataTypes.INT), List.of(3, 1, 3), List.of(3, 1, 3)),
                Arguments.of(DataTypes.listOf(DataTypes.INT), List.of(), List.of()),
                Arguments.of(
                        DataTypes.setOf(DataTypes.TEXT),
                        new LinkedHashSet<>(List.of("a", "b")),
                        List.of(new Utf8("a"), new Utf8("b"))),
                Arguments.of(
                        DataTypes.mapOf(DataTypes.TEXT, DataTypes.VARINT),
                        ordered("b", big.toBigInteger(), "a", BigInteger.ONE),
                        ordered(new Utf8("b"), big, new Utf8("a"), BigDecimal.ONE)),
                Arguments.of(
                        DataTypes.mapOf(DataTypes.DECIMAL, DataTypes.frozenSetOf(DataTypes.BLOB)),
                        ordered(new BigDecimal("1.10"), new LinkedHashSet<>(List.of(ByteBuffer.allocate(2)))),
                        ordered(new BigDecimal("1.10"), List.of(ByteBuffer.allocate(2)))),
                Arguments.of(TUPLE, TUPLE.newValue(BigInteger.TWO, null), Arrays.asList(new BigDecimal(2), null)),
                Arguments.of(
                        ADDRESS,
                        ADDRESS.newValue("s", null, POINT.newValue(4), ordered(7, List.of(new BigDecimal("0.10")))),
                        Arrays.asList(new Utf8("s"), null, List.of(4), ordered(7, List.of(new BigDecimal("0.10"))))),
                Arguments.of(
                        DataTypes.vectorOf(DataTypes.FLOAT, 3),
                        CqlVector.newInstance(1f, -0.0f, Float.NaN),
                        List.of(1f, -0.0f, Float.NaN)),
                Arguments.of(
                        DataTypes.vectorOf(DataTypes.vectorOf(DataTypes.BIGINT, 2), 2),
                        CqlVector.newInstance(CqlVector.newInstance(1L, 2L), CqlVector.newInstance(3L, 4L)),
                        List.of(List.of(1L, 2L), List.of(3L, 4L))),
                Arguments.of(
                        DataTypes.vectorOf(DataTypes.TEXT, 2),
                        CqlVector.newInstance("x".repeat(200), ""),
                        List.of(new Utf8("x".repeat(200)), new Utf8(""))));
    }

    static Stream<Arguments> values() throws Exception {
        return Stream.concat(scalars(), containers());
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueIsReadFromTheBytesTheDriverWrites(DataType type, Object value, Object expected) {
        // Given the value as the driver serialises it, somewhere inside a larger buffer
        ByteBuffer bytes = encode(type, value);
        ByteBuffer frame = ByteBuffer.allocate(bytes.remaining() + 8).position(4);
        ByteBuffer inside = frame.put(bytes.duplicate()).flip().position(4).slice();

        // When it is read
        Object read = CqlTypes.reader(type).read(inside);

        // Then it is the event's value, and the buffer can be read again
        assertThat(read).isEqualTo(expected);
        assertThat(CqlTypes.reader(type).read(inside)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("values")
    void whatCameOutOfAnEventIsWrittenAsTheBytesItWasReadFrom(DataType type, Object value, Object expected) {
        // Given an event that carries the value, encoded and decoded
        ByteBuffer bytes = encode(type, value);
        EventSchema schema = EventSchema.of(
                TABLE,
                List.of(
                        new EventColumn("k", Kind.PARTITION_KEY, CqlTypes.avroType(TABLE, "k", type), "key"),
                        new EventColumn("a b", Kind.CLUSTERING, CqlTypes.avroType(TABLE, "a b", type), "ck"),
                        new EventColumn(
                                "v",
                                Kind.REGULAR,
                                CqlTypes.avroType(TABLE, "v", type),
                                "value",
                                false,
                                CqlTypes.removedType(TABLE, "v", type))));
        EventCodec codec = new EventCodec(new InMemoryRegistry());
        Object[] key = {CqlTypes.reader(type).read(bytes), CqlTypes.reader(type).read(bytes)};
        EncodedEvent encoded = codec.encode(new ChangeEvent(
                schema,
                Operation.UPDATE,
                key,
                new Object[] {key[0]},
                new BitSet(),
                null,
                null,
                new SourcePosition(1, "s", "c", 1)));

        // When its key and its value are written
        ChangeEvent event = codec.decode(encoded.key(), encoded.value());

        // Then they are the bytes that were read, and the event has none of Avro's own types
        CqlTypes.Writer writer = CqlTypes.writer(type);
        assertThat(writer.write(event.key()[0])).isEqualTo(bytes);
        assertThat(writer.write(event.key()[1])).isEqualTo(bytes);
        assertThat(writer.write(event.values()[0])).isEqualTo(bytes);
        assertThat(event.values()[0]).hasToString(expected.toString());
        assertThat(event.values()[0]).isNotInstanceOf(Utf8.class);
        // and what was only read can be written as well
        assertThat(writer.write(key[0])).isEqualTo(bytes);
    }

    @Test
    void anIpv4AddressInIpv6FormStaysTheKeyItIs() {
        ByteBuffer mapped = ByteBuffer.wrap(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 1, 2, 3, 4});

        Object read = CqlTypes.reader(DataTypes.INET).read(mapped);

        assertThat(read).isEqualTo("0:0:0:0:0:ffff:102:304");
        assertThat(CqlTypes.writer(DataTypes.INET).write(read)).isEqualTo(mapped);
        assertThatThrownBy(() -> CqlTypes.writer(DataTypes.INET).write("localhost"))
                .hasMessageContaining("'localhost' is no IP address");
    }

    @Test
    void fieldsThatAreNewerThanTheValueAreNullAndOnesNewerThanTheTypeAreNoticed() {
        UserDefinedType before = user("address", ordered("street", DataTypes.TEXT));
        UserDefinedType after = user("address", ordered("street", DataTypes.TEXT, "no", DataTypes.INT));
        ByteBuffer old = encode(before, before.newValue("s"));
        ByteBuffer fresh = encode(after, after.newValue("s", 1));

        assertThat(CqlTypes.reader(after).read(old)).isEqualTo(Arrays.asList(new Utf8("s"), null));
        assertThatThrownBy(() -> CqlTypes.reader(before).read(fresh))
                .isInstanceOf(StaleTypeException.class)
                .hasMessageContaining("address");
    }

    @Test
    void bytesThatAreNoCollectionAreRefused() {
        CqlTypes.Reader reader = CqlTypes.reader(DataTypes.listOf(DataTypes.INT));

        assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(8).putInt(0, Integer.MAX_VALUE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2147483647 elements");
        assertThatThrownBy(() -> CqlTypes.reader(DataTypes.DECIMAL).read(ByteBuffer.allocate(2)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void recordsAreNamedAfterTheirColumnAndPlaceAndSaidToBeSorted() {
        Schema address = CqlTypes.avroType(TABLE, "home", ADDRESS);
        Schema list = CqlTypes.avroType(TABLE, "The homes", DataTypes.listOf(ADDRESS));

        assertThat(address.getFullName()).isEqualTo("shop.t.columns.home");
        assertThat(address.getFields())
                .extracting(Schema.Field::name)
                .containsExactly("street", "The_x0020no", "at", "tags");
        assertThat(address.getField("at").schema().getTypes().get(1).getFullName())
                .isEqualTo("shop.t.columns.home.at");
        assertThat(list.getElementType().getFullName()).isEqualTo("shop.t.columns.The_x0020homes.element");
        assertThat(CqlTypes.avroType(TABLE, "t", DataTypes.TIMEUUID).getProp("sortedBy"))
                .isEqualTo("time");
        assertThat(CqlTypes.avroType(TABLE, "u", DataTypes.UUID).getProp("sortedBy"))
                .isNull();
    }

    @Test
    void onlyNonFrozenSetsMapsAndUserTypesAreWrittenInParts() {
        assertThat(removed(DataTypes.setOf(DataTypes.UUID)).getElementType())
                .isEqualTo(CqlTypes.avroType(TABLE, "c", DataTypes.UUID));
        assertThat(removed(DataTypes.mapOf(DataTypes.INT, DataTypes.TEXT)).getElementType())
                .isEqualTo(CqlTypes.avroType(TABLE, "c", DataTypes.INT));
        assertThat(removed(ADDRESS.copy(false)).getElementType().getType()).isEqualTo(Schema.Type.STRING);
        for (DataType whole : List.of(
                DataTypes.frozenSetOf(DataTypes.UUID),
                DataTypes.frozenMapOf(DataTypes.INT, DataTypes.TEXT),
                ADDRESS.copy(true),
                DataTypes.listOf(DataTypes.INT),
                TUPLE,
                DataTypes.INT)) {
            assertThat(removed(whole)).isNull();
        }
    }

    private static Schema removed(DataType type) {
        return CqlTypes.removedType(TABLE, "c", type);
    }

    @Test
    void typesThatEventsCannotCarryAreNamed() {
        for (DataType type : List.of(DataTypes.COUNTER, DataTypes.custom("com.example.Odd"))) {
            DataType list = DataTypes.listOf(type);
            assertThatThrownBy(() -> CqlTypes.avroType(TABLE, "c", list))
                    .isInstanceOf(UnsupportedTypeException.class)
                    .hasMessageContaining(type.asCql(false, true));
        }
    }

    private static ByteBuffer encode(DataType type, Object value) {
        return CodecRegistry.DEFAULT.codecFor(type, value).encode(value, ProtocolVersion.V5);
    }

    private static UserDefinedType user(String name, Map<String, DataType> fields) {
        UserDefinedTypeBuilder builder = new UserDefinedTypeBuilder("shop", name);
        fields.forEach((field, type) -> builder.withField(CqlIdentifier.fromInternal(field), type));
        return builder.build();
    }

    /** A map in the order in which keys and values are given. */
    @SuppressWarnings("unchecked") // a test's shorthand
    private static <K, V> Map<K, V> ordered(Object... keysAndValues) {
        Map<K, V> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((K) keysAndValues[i], (V) keysAndValues[i + 1]);
        }
        return map;
    }
}
