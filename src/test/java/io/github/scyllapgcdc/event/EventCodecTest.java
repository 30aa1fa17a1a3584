package io.github.scyllapgcdc.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.registry.InMemoryRegistry;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class EventCodecTest {
    private static final SourcePosition POSITION = new SourcePosition(1_700_000_000_123_456L, "00ff", "00ff:t:3", 1L);
    private static final EventSchema WIDE = EventSchema.of(
            new TableId("shop", "everything"),
            List.of(
                    column("id", Kind.PARTITION_KEY, EventTypes.plain(Schema.Type.LONG)),
                    column("at", Kind.CLUSTERING, EventTypes.uuid()),
                    column("n", Kind.CLUSTERING, EventTypes.plain(Schema.Type.INT)),
                    column("a flag", Kind.REGULAR, EventTypes.plain(Schema.Type.BOOLEAN)),
                    column("tiny", Kind.REGULAR, EventTypes.narrowInt(8)),
                    column("ratio", Kind.REGULAR, EventTypes.plain(Schema.Type.FLOAT)),
                    column("big", Kind.REGULAR, EventTypes.plain(Schema.Type.DOUBLE)),
                    column("total", Kind.REGULAR, EventTypes.bigDecimal()),
                    column("raw", Kind.REGULAR, EventTypes.plain(Schema.Type.BYTES)),
                    column("text", Kind.STATIC, EventTypes.plain(Schema.Type.STRING)),
                    column("when", Kind.REGULAR, EventTypes.timestampMillis()),
                    column("day", Kind.REGULAR, EventTypes.date()),
                    column("clock", Kind.REGULAR, EventTypes.timeNanos()),
                    column("host", Kind.REGULAR, EventTypes.inet()),
                    column("span", Kind.REGULAR, EventTypes.isoDuration())));

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final EventCodec codec = new EventCodec(registry);

    private static EventColumn column(String name, Kind kind, Schema type) {
        return new EventColumn(name, kind, type, "cql of " + name);
    }

    private static Object[] wideValues() {
        return new Object[] {
            true,
            -7,
            1.5f,
            -0.0d,
            new BigDecimal("-12345678901234567890.00120"),
            ByteBuffer.wrap(new byte[] {0, 1, -1}),
            "größe 😀",
            -1L,
            -719_162,
            86_399_999_999_999L,
            "2001:db8:0:0:0:0:0:1",
            "P-1M2DT-0.000000001S"
        };
    }

    private static Object[] wideKey() {
        return new Object[] {42L, "5b6962dd-3f90-4c93-8f61-eabfa4a803e2", Integer.MIN_VALUE};
    }

    @Test
    void everyTypeSurvivesTheTrip() {
        // Given a change that writes a column of each type
        BitSet all = new BitSet();
        all.set(0, 12);
        ChangeEvent event = new ChangeEvent(
                WIDE, Operation.UPDATE, wideKey(), wideValues(), all, null, 1_800_000_000_000L, POSITION);

        // When it is encoded and decoded
        ChangeEvent read = roundTrip(event);

        // Then it is the same change, and its shape the same shape
        assertThat(read.op()).isEqualTo(Operation.UPDATE);
        assertThat(read.key()).containsExactly(wideKey());
        assertThat(read.values()).containsExactly(wideValues());
        assertThat(read.changed()).isEqualTo(all);
        assertThat(read.expiresAtMillis()).isEqualTo(1_800_000_000_000L);
        assertThat(read.source()).isEqualTo(POSITION);
        assertThat(read.schema().table()).isEqualTo(WIDE.table());
        assertThat(read.schema().keyColumns()).isEqualTo(WIDE.keyColumns());
        assertThat(read.schema().valueColumns()).isEqualTo(WIDE.valueColumns());
        assertThat(read.schema().partitionKeySize()).isEqualTo(1);
    }

    @Test
    void aColumnSetToNullDiffersFromOneLeftAlone() {
        // Given an update that sets "tiny" to null and leaves the rest alone
        BitSet tiny = new BitSet();
        tiny.set(1);

        // When it travels
        ChangeEvent read = roundTrip(
                new ChangeEvent(WIDE, Operation.UPDATE, wideKey(), new Object[12], tiny, null, null, POSITION));

        // Then every value is null, and only "tiny" is said to be written
        assertThat(read.values()).containsOnlyNulls();
        assertThat(read.changed()).isEqualTo(tiny);
        assertThat(read.expiresAtMillis()).isNull();
    }

    @Test
    void deletesOfRowPartitionAndRangeAreToldApart() {
        // Given one of each
        Object[] partition = {42L, null, null};
        Range fromBound =
                new Range(new Range.Bound(new Object[] {"5b6962dd-3f90-4c93-8f61-eabfa4a803e2", null}, true), null);

        // When they travel
        ChangeEvent row = roundTrip(delete(wideKey(), null));
        ChangeEvent whole = roundTrip(delete(partition, null));
        ChangeEvent range = roundTrip(delete(partition, fromBound));

        // Then each is what it was
        assertThat(row.isPartitionDelete()).isFalse();
        assertThat(whole.isPartitionDelete()).isTrue();
        assertThat(range.isPartitionDelete()).isFalse();
        assertThat(range.range().lower().prefix())
                .containsExactly(fromBound.lower().prefix());
        assertThat(range.range().lower().inclusive()).isTrue();
        assertThat(range.range().upper()).isNull();
        assertThat(row.values()).isNull();
    }

    @Test
    void avrosOwnReaderReadsTheEnvelope() throws Exception {
        // Given an encoded change
        BitSet all = new BitSet();
        all.set(0, 12);
        byte[] value = codec.encode(
                        new ChangeEvent(WIDE, Operation.CREATE, wideKey(), wideValues(), all, null, null, POSITION))
                .value();

        // When Avro's generic reader reads it with the registered schema
        Schema schema = registry.byId(java.nio.ByteBuffer.wrap(value, 1, 4).getInt());
        GenericRecord envelope = new GenericDatumReader<GenericRecord>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));

        // Then it has Debezium's fields
        assertThat(envelope.get("op")).hasToString("c");
        assertThat(envelope.get("before")).isNull();
        assertThat(((GenericRecord) envelope.get("after")).get("a_x0020flag")).isEqualTo(true);
        assertThat(((GenericRecord) envelope.get("source")).get("ts_us")).isEqualTo(POSITION.tsMicros());
        assertThat(envelope.get("changed")).asList().hasSize(12);
    }

    @Test
    void anAddedColumnIsABackwardCompatibleChange() {
        // Given the same table before and after ALTER TABLE … ADD
        List<EventColumn> before = List.of(
                column("id", Kind.PARTITION_KEY, EventTypes.plain(Schema.Type.LONG)),
                column("name", Kind.REGULAR, EventTypes.plain(Schema.Type.STRING)));
        List<EventColumn> after =
                List.of(before.get(0), column("age", Kind.REGULAR, EventTypes.plain(Schema.Type.INT)), before.get(1));
        TableId table = new TableId("shop", "people");

        // Then a reader of the new schema reads what the old one wrote
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(
                                EventSchema.of(table, after).valueSchema(),
                                EventSchema.of(table, before).valueSchema())
                        .getType())
                .isEqualTo(SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE);
    }

    private static final Schema ADDRESS = EventTypes.record(
            "shop.nested.columns.homes.value",
            ordered("street", EventTypes.plain(Schema.Type.STRING), "the no", EventTypes.bigDecimal()));
    private static final EventSchema NESTED = EventSchema.of(
            new TableId("shop", "nested"),
            List.of(
                    column("id", Kind.PARTITION_KEY, EventTypes.set(EventTypes.plain(Schema.Type.STRING))),
                    partial("tags", EventTypes.set(EventTypes.plain(Schema.Type.STRING)), text()),
                    partial(
                            "homes",
                            EventTypes.map("shop.nested.columns.homes.entry", EventTypes.bigDecimal(), ADDRESS),
                            EventTypes.bigDecimal()),
                    partial("names", EventTypes.map("unused", text(), EventTypes.list(EventTypes.uuid())), text()),
                    column("at", Kind.REGULAR, EventTypes.vector(EventTypes.plain(Schema.Type.FLOAT), 2)),
                    partial("home", EventTypes.record("shop.nested.columns.home", Map.of("raw", bytes())), text())));

    private static Schema text() {
        return EventTypes.plain(Schema.Type.STRING);
    }

    private static Schema bytes() {
        return EventTypes.plain(Schema.Type.BYTES);
    }

    private static EventColumn partial(String name, Schema type, Schema element) {
        return new EventColumn(name, Kind.REGULAR, type, "cql", false, Schema.createArray(element));
    }

    private static Object[] nestedValues() {
        return new Object[] {
            List.of("b", "a"),
            ordered(
                    new BigDecimal("2.0"),
                    Arrays.asList("s", new BigDecimal("1")),
                    BigDecimal.ONE,
                    Arrays.asList(null, null)),
            ordered("z", List.of(), "a", List.of("5b6962dd-3f90-4c93-8f61-eabfa4a803e2")),
            List.of(1.5f, -2f),
            List.of(ByteBuffer.wrap(new byte[] {7}))
        };
    }

    @Test
    void collectionsMapsAndRecordsKeepTheirTypesAndTheirOrder() {
        // Given a row that has all of them, read whole
        Object[] key = {List.of("k")};
        ChangeEvent event = new ChangeEvent(NESTED, Operation.READ, key, nestedValues(), null, null, null, POSITION);

        // When it travels
        ChangeEvent read = roundTrip(event);

        // Then it is what it was, in the order it was
        assertThat(read.key()).containsExactly(key);
        assertThat(read.values()).containsExactly(nestedValues());
        assertThat(Arrays.toString(read.values())).isEqualTo(Arrays.toString(nestedValues()));
        assertThat(read.elements()).isNull();
        assertThat(read.schema().valueColumns()).isEqualTo(NESTED.valueColumns());
    }

    @Test
    void addedAndRemovedElementsAreToldFromColumnsWrittenWhole() {
        // Given UPDATE … SET tags = tags + {'new'}, homes = homes - {2.0}, home.raw = null, names = {}, at = [1, 2]
        Object[] values = {List.of(new Utf8("new")), null, null, List.of(1f, 2f), null};
        ElementChanges elements = new ElementChanges(
                bits(0, 1, 4),
                Arrays.asList(null, List.of(new BigDecimal("2.0")), null, null, List.of(new Utf8("raw"))));

        // When it travels
        ChangeEvent read = roundTrip(new ChangeEvent(
                NESTED,
                Operation.UPDATE,
                new Object[] {List.of("k")},
                values,
                bits(0, 1, 2, 3, 4),
                elements,
                null,
                null,
                POSITION));

        // Then each is what it was
        assertThat(read.changed()).isEqualTo(bits(0, 1, 2, 3, 4));
        assertThat(read.elements().columns()).isEqualTo(bits(0, 1, 4));
        assertThat(read.elements().removed())
                .containsExactly(null, List.of(new BigDecimal("2.0")), null, null, List.of("raw"));
        assertThat(read.values()).containsExactly(List.of("new"), null, null, List.of(1f, 2f), null);
    }

    @Test
    void aNullOrAValueOfTheWrongTypeInsideNamesItsColumn() {
        Object[] nullElement = {Arrays.asList("a", null), null, null, null, null};
        Object[] wrongField = {null, null, null, null, List.of("text")};

        assertThatThrownBy(() -> codec.encode(nested(nullElement)))
                .isInstanceOf(EventFormatException.class)
                .hasMessage("column tags (cql) can't hold null among its elements");
        assertThatThrownBy(() -> codec.encode(nested(wrongField)))
                .isInstanceOf(EventFormatException.class)
                .hasMessageContaining("column home ");
    }

    private static ChangeEvent nested(Object[] values) {
        return new ChangeEvent(NESTED, Operation.READ, new Object[] {List.of("k")}, values, null, null, null, POSITION);
    }

    @Test
    void aFieldThatIsAddedToAUserTypeIsABackwardCompatibleChange() {
        // Given the same table before and after ALTER TYPE … ADD, the type in a column, a list and a map
        EventSchema before = withType(ordered("street", text()));
        EventSchema after = withType(ordered("street", text(), "no", EventTypes.plain(Schema.Type.INT)));

        // Then a reader of the new schema reads what the old one wrote
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(after.valueSchema(), before.valueSchema())
                        .getType())
                .isEqualTo(SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE);
    }

    private static EventSchema withType(Map<String, Schema> fields) {
        return EventSchema.of(
                new TableId("shop", "people"),
                List.of(
                        column("id", Kind.PARTITION_KEY, EventTypes.plain(Schema.Type.LONG)),
                        partial("home", EventTypes.record("shop.people.columns.home", fields), text()),
                        column(
                                "homes",
                                Kind.REGULAR,
                                EventTypes.list(EventTypes.record("shop.people.columns.homes.element", fields))),
                        column(
                                "byName",
                                Kind.REGULAR,
                                EventTypes.map(
                                        "x", text(), EventTypes.record("shop.people.columns.byName.value", fields)))));
    }

    @Test
    void bytesThatAreNoEventAreRefusedWithTheReason() {
        byte[] good = codec.encode(delete(wideKey(), null)).key();
        byte[] value = codec.encode(delete(wideKey(), null)).value();
        byte[] cut = Arrays.copyOf(value, value.length - 3);
        byte[] longer = Arrays.copyOf(value, value.length + 1);

        assertThatThrownBy(() -> codec.decode("hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII), value))
                .isInstanceOf(EventFormatException.class)
                .hasMessageContaining("key")
                .hasMessageContaining("wire format");
        assertThatThrownBy(() -> codec.decode(good, cut)).isInstanceOf(EventFormatException.class);
        assertThatThrownBy(() -> codec.decode(good, longer))
                .isInstanceOf(EventFormatException.class)
                .hasMessageContaining("behind");
        assertThatThrownBy(() -> codec.decode(null, value)).isInstanceOf(EventFormatException.class);
    }

    @Test
    void aValueOfTheWrongTypeNamesItsColumn() {
        Object[] key = {"not a long", "5b6962dd-3f90-4c93-8f61-eabfa4a803e2", 1};
        assertThatThrownBy(() -> codec.encode(delete(key, null)))
                .isInstanceOf(EventFormatException.class)
                .hasMessageContaining("column id");
    }

    private ChangeEvent roundTrip(ChangeEvent event) {
        EncodedEvent bytes = codec.encode(event);
        return codec.decode(bytes.key(), bytes.value());
    }

    private static ChangeEvent delete(Object[] key, Range range) {
        return new ChangeEvent(WIDE, Operation.DELETE, key, null, new BitSet(), range, null, POSITION);
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }

    @SuppressWarnings("unchecked") // a test's shorthand
    private static <K, V> Map<K, V> ordered(Object... keysAndValues) {
        Map<K, V> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((K) keysAndValues[i], (V) keysAndValues[i + 1]);
        }
        return map;
    }
}
