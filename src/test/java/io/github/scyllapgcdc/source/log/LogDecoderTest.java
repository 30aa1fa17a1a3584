package io.github.scyllapgcdc.source.log;

import static io.github.scyllapgcdc.source.log.TestLog.READ_AT;
import static io.github.scyllapgcdc.source.log.TestLog.STREAM;
import static io.github.scyllapgcdc.source.log.TestLog.TIME;
import static io.github.scyllapgcdc.source.log.TestLog.bits;
import static io.github.scyllapgcdc.source.log.TestLog.bytes;
import static io.github.scyllapgcdc.source.log.TestLog.column;
import static io.github.scyllapgcdc.source.log.TestLog.decoder;
import static io.github.scyllapgcdc.source.log.TestLog.logColumns;
import static io.github.scyllapgcdc.source.log.TestLog.shape;
import static io.github.scyllapgcdc.source.log.TestLog.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.Operation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One test an operation, each with the statement that Scylla logs so. */
class LogDecoderTest {
    /** CREATE TABLE shop.t (pk int, ck int, n int, v text, PRIMARY KEY (pk, ck)). */
    private static final TableShape WITH_CLUSTERING = shape(
            column("pk", Kind.PARTITION_KEY, DataTypes.INT),
            column("ck", Kind.CLUSTERING, DataTypes.INT),
            column("n", Kind.REGULAR, DataTypes.INT),
            column("v", Kind.REGULAR, DataTypes.TEXT));

    /** CREATE TABLE shop.t (pk int, ck int, s int STATIC, v text, PRIMARY KEY (pk, ck)). */
    private static final TableShape WITH_STATIC = shape(
            column("pk", Kind.PARTITION_KEY, DataTypes.INT),
            column("ck", Kind.CLUSTERING, DataTypes.INT),
            column("s", Kind.STATIC, DataTypes.INT),
            column("v", Kind.REGULAR, DataTypes.TEXT));

    private static final UserDefinedType ADDRESS = user("address", "street", "no", "zip");

    /** CREATE TABLE shop.t (pk int PRIMARY KEY, s set<text>, m map<int, text>, u address, l list<text>, f frozen<set<int>>). */
    private static final TableShape COLLECTIONS = shape(
            column("pk", Kind.PARTITION_KEY, DataTypes.INT),
            column("s", Kind.REGULAR, DataTypes.setOf(DataTypes.TEXT)),
            column("m", Kind.REGULAR, DataTypes.mapOf(DataTypes.INT, DataTypes.TEXT)),
            column("u", Kind.REGULAR, ADDRESS),
            column("l", Kind.REGULAR, DataTypes.listOf(DataTypes.TEXT)),
            column("f", Kind.REGULAR, DataTypes.frozenSetOf(DataTypes.INT)));

    /** CREATE TABLE shop.t (pk int PRIMARY KEY, v text). */
    private static final TableShape WITHOUT_CLUSTERING =
            shape(column("pk", Kind.PARTITION_KEY, DataTypes.INT), column("v", Kind.REGULAR, DataTypes.TEXT));

    private static LogChange.Change change(TableShape shape, int operation, Object... cells) {
        LogChange change = decoder(shape, operation, cells).change(READ_AT);
        assertThat(change).isInstanceOf(LogChange.Change.class);
        return (LogChange.Change) change;
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
    @ValueSource(ints = {42, -1})
    void anOperationThatIsNotKnownIsHandedOverWithItsKey(int operation) {
        // When
        LogChange change = decoder(WITH_CLUSTERING, operation, "pk", 1).change(READ_AT);

        // Then
        assertThat(change).isInstanceOfSatisfying(LogChange.Undecodable.class, undecodable -> {
            assertThat(undecodable.operation()).isEqualTo(operation);
            assertThat(undecodable.reason()).endsWith("is not known");
            assertThat(undecodable.key()).containsExactly(bytes(DataTypes.INT, 1), null);
            assertThat(undecodable.changeId()).isEqualTo(STREAM + ":" + TIME + ":3");
        });
    }

    @Test
    void rowsAndPartitionsRemovedByTheTtlServiceAreDeletes() {
        ChangeEvent row = change(WITH_CLUSTERING, -3, "pk", 1, "ck", 2).event();
        ChangeEvent partition = change(WITH_CLUSTERING, -4, "pk", 1).event();

        assertThat(row.op()).isEqualTo(Operation.DELETE);
        assertThat(row.key()).containsExactly(1, 2);
        assertThat(partition.isPartitionDelete()).isTrue();
    }

    @Test
    void aChangeOfStaticColumnsIsAnUpdateOfThePartition() {
        // UPDATE shop.t SET s = 1 WHERE pk = 1: operation 1 without clustering columns
        ChangeEvent event = change(WITH_STATIC, 1, "pk", 1, "s", 5).event();

        assertThat(event.op()).isEqualTo(Operation.UPDATE);
        assertThat(event.isPartitionLevel()).isTrue();
        assertThat(event.isPartitionDelete()).isFalse();
        assertThat(event.key()).containsExactly(1, null);
        assertThat(event.values()).containsExactly(5, null);
        assertThat(event.changed()).isEqualTo(bits(0));
    }

    @Test
    void aChangeOfARowHasNoStaticColumns() {
        // Given a log row that repeats the static column's value
        ChangeEvent event =
                change(WITH_STATIC, 2, "pk", 1, "ck", 2, "s", 5, "v", "x").event();

        assertThat(event.values()).containsExactly(null, new Utf8("x"));
        assertThat(event.changed()).isEqualTo(bits(1));
    }

    @Test
    void elementsThatAreAddedAndRemovedAreParts() {
        // UPDATE t SET s = s + {'a', 'b'}, m = m - {7} WHERE pk = 1
        ChangeEvent event = change(COLLECTIONS, 1, "pk", 1, "s", Set.of("a"), "cdc$deleted_elements_m", Set.of(7))
                .event();

        assertThat(event.changed()).isEqualTo(bits(0, 1));
        assertThat(event.values()).containsExactly(List.of(new Utf8("a")), null, null, null, null);
        assertThat(event.elements().columns()).isEqualTo(bits(0, 1));
        assertThat(event.elements().removed()).containsExactly(null, List.of(7), null, null, null);
    }

    @Test
    void aCollectionThatIsWrittenWholeIsNoPart() {
        // UPDATE t SET s = {'a'}, m = null, f = {1} WHERE pk = 1
        ChangeEvent event = change(
                        COLLECTIONS,
                        1,
                        "pk",
                        1,
                        "s",
                        Set.of("a"),
                        "cdc$deleted_s",
                        true,
                        "cdc$deleted_m",
                        true,
                        "f",
                        Set.of(1))
                .event();

        assertThat(event.changed()).isEqualTo(bits(0, 1, 4));
        assertThat(event.values()).containsExactly(List.of(new Utf8("a")), null, null, null, List.of(1));
        assertThat(event.elements()).isNull();
    }

    @Test
    void fieldsOfAUserTypeThatAreNotWrittenAreNullAndRemovedOnesNamed() {
        // UPDATE t SET u.street = 's', u.zip = null WHERE pk = 1
        ChangeEvent event = change(
                        COLLECTIONS,
                        1,
                        "pk",
                        1,
                        "u",
                        ADDRESS.newValue("s", null, null),
                        "cdc$deleted_elements_u",
                        Set.of((short) 2))
                .event();

        assertThat(event.values()[2]).isEqualTo(Arrays.asList(new Utf8("s"), null, null));
        assertThat(event.elements().columns()).isEqualTo(bits(2));
        assertThat(event.elements().removed().get(2)).isEqualTo(List.of("zip"));
    }

    @Test
    void aListOfWhichCellsWereWrittenHasToBeReadBack() {
        // UPDATE t SET l = l + ['x'] WHERE pk = 1, and l = l - ['x']
        LogChange.Change added = change(COLLECTIONS, 1, "pk", 1, "l", Map.of(TIME, "x"));
        LogChange.Change removed = change(COLLECTIONS, 1, "pk", 1, "cdc$deleted_elements_l", Set.of(TIME));

        for (LogChange.Change change : List.of(added, removed)) {
            assertThat(change.lists().columns()).isEqualTo(bits(3));
            assertThat(change.lists().key()).containsExactly(bytes(DataTypes.INT, 1));
            assertThat(change.event().changed()).isEqualTo(bits(3));
            assertThat(change.event().elements()).isNull();
        }
    }

    @Test
    void aListThatIsWrittenWholeIsInTheLog() {
        // UPDATE t SET l = ['y', 'x'] WHERE pk = 1, and l = null
        UUID later = UUID.fromString("9ac6d1dc-fbeb-11e9-8f0b-362b9e155667");
        Map<UUID, String> cells = new LinkedHashMap<>();
        cells.put(TIME, "y");
        cells.put(later, "x");
        LogChange.Change whole = change(COLLECTIONS, 1, "pk", 1, "l", cells, "cdc$deleted_l", true);
        LogChange.Change none = change(COLLECTIONS, 1, "pk", 1, "cdc$deleted_l", true);

        assertThat(whole.lists()).isNull();
        assertThat(whole.event().values()[3]).isEqualTo(List.of(new Utf8("y"), new Utf8("x")));
        assertThat(none.lists()).isNull();
        assertThat(none.event().values()[3]).isNull();
        assertThat(none.event().changed()).isEqualTo(bits(3));
    }

    @Test
    void aUserTypeOfAnotherDefinitionDoesNotFitTheTable() {
        // Given a page whose columns have the type with one field more
        List<LogColumn> columns = logColumns(COLLECTIONS);
        columns.replaceAll(
                c -> c.name().equals("u") ? new LogColumn("u", user("address", "street", "no", "zip", "added")) : c);

        // Then
        assertThatThrownBy(() -> COLLECTIONS.layout(columns))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("column u of shop.t");
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
