package io.github.scyllapgcdc.source.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.ProtocolVersion;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.schema.CqlTypes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One test an operation, each with the statement that Scylla logs so. */
class LogDecoderTest {
    private static final TableId TABLE = new TableId("shop", "t");
    private static final UUID TIME = UUID.fromString("8ac6d1dc-fbeb-11e9-8f0b-362b9e155667");
    private static final String STREAM = "00112233445566778899aabbccddeeff";
    private static final long READ_AT = 1_700_000_000_000L;

    /** CREATE TABLE shop.t (pk int, ck int, s int STATIC, v text, PRIMARY KEY (pk, ck)). */
    private static final TableShape WITH_CLUSTERING = shape(
            column("pk", Kind.PARTITION_KEY, DataTypes.INT),
            column("ck", Kind.CLUSTERING, DataTypes.INT),
            column("n", Kind.REGULAR, DataTypes.INT),
            column("v", Kind.REGULAR, DataTypes.TEXT));

    /** CREATE TABLE shop.t (pk int PRIMARY KEY, v text). */
    private static final TableShape WITHOUT_CLUSTERING =
            shape(column("pk", Kind.PARTITION_KEY, DataTypes.INT), column("v", Kind.REGULAR, DataTypes.TEXT));

    private record Column(EventColumn event, DataType type) {}

    private static Column column(String name, Kind kind, DataType type) {
        return new Column(
                new EventColumn(name, kind, CqlTypes.avroType(TABLE, name, type), type.asCql(true, true)), type);
    }

    private static TableShape shape(Column... columns) {
        Map<String, DataType> types = new HashMap<>();
        List<EventColumn> events = new ArrayList<>();
        for (Column column : columns) {
            types.put(column.event().name(), column.type());
            events.add(column.event());
        }
        return new TableShape(EventSchema.of(TABLE, events), types, Optional.empty());
    }

    private static List<LogColumn> logColumns(TableShape shape) {
        List<LogColumn> columns = new ArrayList<>(List.of(
                new LogColumn("cdc$stream_id", DataTypes.BLOB),
                new LogColumn("cdc$time", DataTypes.TIMEUUID),
                new LogColumn("cdc$batch_seq_no", DataTypes.INT),
                new LogColumn("cdc$operation", DataTypes.TINYINT),
                new LogColumn("cdc$ttl", DataTypes.BIGINT),
                new LogColumn("cdc$end_of_batch", DataTypes.BOOLEAN)));
        shape.types().forEach((name, type) -> {
            columns.add(new LogColumn(name, type));
            columns.add(new LogColumn("cdc$deleted_" + name, DataTypes.BOOLEAN));
        });
        return columns;
    }

    /** Decodes a row given as column, value, column, value, … */
    private static LogDecoder decoder(TableShape shape, int operation, Object... cells) {
        List<LogColumn> columns = logColumns(shape);
        Map<String, Object> row = new HashMap<>(Map.of(
                "cdc$stream_id",
                new StreamId(STREAM).bytes(),
                "cdc$time",
                TIME,
                "cdc$batch_seq_no",
                3,
                "cdc$operation",
                (byte) operation));
        for (int i = 0; i < cells.length; i += 2) {
            row.put((String) cells[i], cells[i + 1]);
        }
        LogDecoder decoder = new LogDecoder(shape.layout(columns));
        decoder.read(index ->
                bytes(columns.get(index).type(), row.get(columns.get(index).name())));
        return decoder;
    }

    private static ByteBuffer bytes(DataType type, Object value) {
        return value == null ? null : CodecRegistry.DEFAULT.codecFor(type).encode(value, ProtocolVersion.V4);
    }

    private static LogChange.Change change(TableShape shape, int operation, Object... cells) {
        LogChange change = decoder(shape, operation, cells).change(READ_AT);
        assertThat(change).isInstanceOf(LogChange.Change.class);
        return (LogChange.Change) change;
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }

    @Test
    void insertIsACreateOfTheColumnsItNames() {
        // INSERT INTO shop.t (pk, ck, n) VALUES (1, 2, 3)
        ChangeEvent event = change(WITH_CLUSTERING, 2, "pk", 1, "ck", 2, "n", 3).event();

        assertThat(event.op()).isEqualTo(Operation.CREATE);
        assertThat(event.key()).containsExactly(1, 2);
        assertThat(event.values()).containsExactly(3, null);
        assertThat(event.changed()).isEqualTo(bits(0));
        assertThat(event.expiresAtMillis()).isNull();
    }

    @Test
    void insertOfTheKeyAloneChangesNoColumn() {
        // INSERT INTO shop.t (pk, ck) VALUES (1, 2)
        ChangeEvent event = change(WITH_CLUSTERING, 2, "pk", 1, "ck", 2).event();

        assertThat(event.op()).isEqualTo(Operation.CREATE);
        assertThat(event.changed().isEmpty()).isTrue();
    }

    @Test
    void updateTellsNulledColumnsFromUntouchedOnes() {
        // UPDATE shop.t SET v = null WHERE pk = 1 AND ck = 2
        ChangeEvent event = change(WITH_CLUSTERING, 1, "pk", 1, "ck", 2, "cdc$deleted_v", true)
                .event();

        assertThat(event.op()).isEqualTo(Operation.UPDATE);
        assertThat(event.values()).containsExactly(null, null);
        assertThat(event.changed()).isEqualTo(bits(1));
    }

    @Test
    void emptyTextIsAValue() {
        // UPDATE shop.t SET v = '' WHERE pk = 1
        ChangeEvent event = change(WITHOUT_CLUSTERING, 1, "pk", 1, "v", "").event();

        assertThat(event.values()).containsExactly(new Utf8(""));
    }

    @Test
    void theTimeToLiveCountsFromTheWrite() {
        // UPDATE shop.t USING TTL 60 SET n = 1 WHERE pk = 1 AND ck = 2
        ChangeEvent event = change(WITH_CLUSTERING, 1, "pk", 1, "ck", 2, "n", 1, "cdc$ttl", 60L)
                .event();

        assertThat(event.expiresAtMillis()).isEqualTo(LogTime.millis(TIME) + 60_000);
    }

    @Test
    void rowDeleteHasTheWholeKey() {
        // DELETE FROM shop.t WHERE pk = 1 AND ck = 2
        ChangeEvent event = change(WITH_CLUSTERING, 3, "pk", 1, "ck", 2).event();

        assertThat(event.op()).isEqualTo(Operation.DELETE);
        assertThat(event.key()).containsExactly(1, 2);
        assertThat(event.values()).isNull();
        assertThat(event.isPartitionDelete()).isFalse();
    }

    @Test
    void partitionDeleteHasNoClusteringColumns() {
        // DELETE FROM shop.t WHERE pk = 1
        ChangeEvent event = change(WITH_CLUSTERING, 4, "pk", 1).event();

        assertThat(event.key()).containsExactly(1, null);
        assertThat(event.isPartitionDelete()).isTrue();
    }

    @Test
    void partitionDeleteOfATableWithoutClusteringColumnsIsARowDelete() {
        // DELETE FROM shop.t WHERE pk = 1
        ChangeEvent event = change(WITHOUT_CLUSTERING, 4, "pk", 1).event();

        assertThat(event.op()).isEqualTo(Operation.DELETE);
        assertThat(event.key()).containsExactly(1);
        assertThat(event.isPartitionDelete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9})
    void imagesAreNoChanges(int operation) {
        assertThat(decoder(WITH_CLUSTERING, operation, "pk", 1, "ck", 2, "n", 3).change(READ_AT))
                .isInstanceOf(LogChange.Image.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 7, 8, -3, -4, 42})
    void whatIsNotSupportedIsHandedOverWithItsKey(int operation) {
        // When
        LogChange change = decoder(WITH_CLUSTERING, operation, "pk", 1).change(READ_AT);

        // Then
        assertThat(change).isInstanceOfSatisfying(LogChange.Undecodable.class, undecodable -> {
            assertThat(undecodable.operation()).isEqualTo(operation);
            assertThat(undecodable.reason()).endsWith("is not supported yet");
            assertThat(undecodable.key()).containsExactly(bytes(DataTypes.INT, 1), null);
            assertThat(undecodable.changeId()).isEqualTo(STREAM + ":" + TIME + ":3");
        });
    }

    @Test
    void aChangeOfStaticColumnsIsHandedOver() {
        // UPDATE shop.t SET s = 1 WHERE pk = 1: operation 1 without clustering columns
        assertThat(decoder(WITH_CLUSTERING, 1, "pk", 1, "n", 3).change(READ_AT))
                .isInstanceOfSatisfying(
                        LogChange.Undecodable.class,
                        undecodable -> assertThat(undecodable.reason()).contains("static columns"));
    }

    @Test
    void aValueThatIsNotOfItsTypeIsHandedOver() {
        // Given
        List<LogColumn> columns = logColumns(WITHOUT_CLUSTERING);
        LogDecoder decoder = new LogDecoder(WITHOUT_CLUSTERING.layout(columns));
        Map<String, ByteBuffer> row = Map.of(
                "cdc$stream_id", new StreamId(STREAM).bytes(),
                "cdc$time", bytes(DataTypes.TIMEUUID, TIME),
                "cdc$batch_seq_no", bytes(DataTypes.INT, 0),
                "cdc$operation", bytes(DataTypes.TINYINT, (byte) 1),
                "pk", ByteBuffer.allocate(2));

        // When
        decoder.read(index -> row.get(columns.get(index).name()));

        // Then
        assertThat(decoder.change(READ_AT)).isInstanceOf(LogChange.Undecodable.class);
    }

    @Test
    void thePositionNamesTheChange() {
        // When
        LogDecoder decoder = decoder(WITH_CLUSTERING, 3, "pk", 1, "ck", 2, "cdc$end_of_batch", true);
        LogChange.Change change = (LogChange.Change) decoder.change(READ_AT);

        // Then
        assertThat(decoder.stream()).isEqualTo(new StreamId(STREAM));
        assertThat(decoder.position()).isEqualTo(new LogPosition(TIME, 3));
        assertThat(decoder.endOfBatch()).isTrue();
        assertThat(change.event().source().changeId()).isEqualTo(STREAM + ":" + TIME + ":3");
        assertThat(change.event().source().tsMicros()).isEqualTo(LogTime.micros(TIME));
        assertThat(change.event().source().readMillis()).isEqualTo(READ_AT);
        assertThat(change.partitionKey()).containsExactly(bytes(DataTypes.INT, 1));
        assertThat(decoder(WITH_CLUSTERING, 3, "pk", 1, "ck", 2).endOfBatch()).isFalse();
    }

    @Test
    void aLayoutFitsTheColumnsItWasMadeForAndNoOthers() {
        // Given
        List<LogColumn> columns = logColumns(WITH_CLUSTERING);
        LogLayout layout = WITH_CLUSTERING.layout(columns);
        List<LogColumn> more = new ArrayList<>(columns);
        more.add(new LogColumn("added", DataTypes.INT));

        // Then
        assertThat(layout.fits(logColumns(WITH_CLUSTERING))).isTrue();
        assertThat(layout.fits(more)).isFalse();
        assertThatThrownBy(() -> WITH_CLUSTERING.layout(more)).hasMessageContaining("has columns that the table lacks");
        assertThatThrownBy(() -> WITH_CLUSTERING.layout(logColumns(WITHOUT_CLUSTERING)))
                .hasMessageContaining("has no column ck");
    }
}
