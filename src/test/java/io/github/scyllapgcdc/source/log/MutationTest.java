package io.github.scyllapgcdc.source.log;

import static io.github.scyllapgcdc.source.log.TestLog.READ_AT;
import static io.github.scyllapgcdc.source.log.TestLog.STREAM;
import static io.github.scyllapgcdc.source.log.TestLog.TIME;
import static io.github.scyllapgcdc.source.log.TestLog.changes;
import static io.github.scyllapgcdc.source.log.TestLog.column;
import static io.github.scyllapgcdc.source.log.TestLog.keysOnly;
import static io.github.scyllapgcdc.source.log.TestLog.logColumns;
import static io.github.scyllapgcdc.source.log.TestLog.row;
import static io.github.scyllapgcdc.source.log.TestLog.shape;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.type.DataTypes;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.Range;
import java.util.List;
import java.util.Map;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

/** What the rows of one mutation make together. */
class MutationTest {
    /** CREATE TABLE shop.t (pk int, c1 int, c2 text, s int STATIC, v text, l list&lt;text>, PRIMARY KEY (pk, c1, c2)). */
    private static final TableShape TABLE = shape(
            column("pk", Kind.PARTITION_KEY, DataTypes.INT),
            column("c1", Kind.CLUSTERING, DataTypes.INT),
            column("c2", Kind.CLUSTERING, DataTypes.TEXT),
            column("s", Kind.STATIC, DataTypes.INT),
            column("v", Kind.REGULAR, DataTypes.TEXT),
            column("l", Kind.REGULAR, DataTypes.listOf(DataTypes.TEXT)));

    private static final TableShape KEYS_ONLY = keysOnly(TABLE);

    @Test
    void theTwoRowsOfARangeDeleteAreOneChange() {
        // DELETE FROM shop.t WHERE pk = 1 AND c1 = 0 AND c2 > 'a' AND c2 <= 'c'
        List<LogChange> changes = changes(
                TABLE,
                row(TABLE, 0, 6, "pk", 1, "c1", 0, "c2", "a"),
                row(TABLE, 1, 7, "pk", 1, "c1", 0, "c2", "c", "cdc$end_of_batch", true));

        assertThat(changes).hasSize(1);
        ChangeEvent event = ((LogChange.Change) changes.get(0)).event();
        assertThat(event.op()).isEqualTo(Operation.DELETE);
        assertThat(event.key()).containsExactly(1, null, null);
        assertThat(event.isPartitionDelete()).isFalse();
        assertThat(event.source().changeId()).isEqualTo(STREAM + ":" + TIME + ":1");
        assertThat(event.range().lower().prefix()).containsExactly(0, new Utf8("a"));
        assertThat(event.range().lower().inclusive()).isFalse();
        assertThat(event.range().upper().prefix()).containsExactly(0, new Utf8("c"));
        assertThat(event.range().upper().inclusive()).isTrue();
    }

    @Test
    void aMutationWithoutItsLastRowEndsWithItsUnitEvenIfTheLastPageIsEmpty() {
        ReadUnit unit = new ReadUnit(List.of(new StreamId(STREAM)), TIME);
        LogDecoder decoder = new LogDecoder(TABLE.layout(logColumns(TABLE)));
        Mutations mutations = new Mutations();
        LogRow row = row(TABLE, 0, 2, "pk", 1, "c1", 2, "c2", "a", "v", "b");

        assertThat(mutations.of(new LogPage(unit, logColumns(TABLE), List.of(row), 1, false), decoder, READ_AT))
                .isEmpty();
        assertThat(mutations.of(new LogPage(unit, logColumns(TABLE), List.of(), 0, true), decoder, READ_AT))
                .singleElement()
                .satisfies(mutation -> assertThat(mutation.changes()).hasSize(1));
    }

    @Test
    void aSideThatNothingBoundsIsNullAndAPrefixBoundsWhatItNames() {
        // DELETE FROM shop.t WHERE pk = 1 AND c1 < 3
        Range below = range(row(TABLE, 0, 5, "pk", 1), row(TABLE, 1, 8, "pk", 1, "c1", 3));
        // DELETE FROM shop.t WHERE pk = 1 AND c1 = 5
        Range one = range(row(TABLE, 0, 5, "pk", 1, "c1", 5), row(TABLE, 1, 7, "pk", 1, "c1", 5));

        assertThat(below.lower()).isNull();
        assertThat(below.upper().prefix()).containsExactly(3, null);
        assertThat(below.upper().inclusive()).isFalse();
        assertThat(one.lower().prefix()).containsExactly(5, null);
        assertThat(one.upper().prefix()).containsExactly(5, null);
        assertThat(one.upper().inclusive()).isTrue();
    }

    private static Range range(LogRow start, LogRow end) {
        return ((LogChange.Change) changes(TABLE, start, end).get(0)).event().range();
    }

    @Test
    void halfARangeIsHandedOverAndNotLost() {
        // Given a start without an end before another change, an end without a start, and a start at the mutation's end
        List<LogChange> changes = changes(
                TABLE,
                row(TABLE, 0, 5, "pk", 1, "c1", 0),
                row(TABLE, 1, 3, "pk", 1, "c1", 1, "c2", "x"),
                row(TABLE, 2, 8, "pk", 1, "c1", 9),
                row(TABLE, 3, 6, "pk", 1, "c1", 10));

        assertThat(changes)
                .satisfiesExactly(
                        half -> assertThat(half).isInstanceOfSatisfying(LogChange.Undecodable.class, u -> {
                            assertThat(u.reason()).isEqualTo("the range's end is missing from the log");
                            assertThat(u.changeId()).endsWith(":0");
                        }),
                        delete -> assertThat(delete).isInstanceOf(LogChange.Change.class),
                        half -> assertThat(half)
                                .isInstanceOfSatisfying(
                                        LogChange.Undecodable.class,
                                        u -> assertThat(u.reason())
                                                .isEqualTo("the range's start is missing from the log")),
                        half -> assertThat(half)
                                .isInstanceOfSatisfying(
                                        LogChange.Undecodable.class,
                                        u -> assertThat(u.operation()).isEqualTo(6)));
    }

    @Test
    void severalRangesOfAMutationStayApart() {
        List<LogChange> changes = changes(
                TABLE,
                row(TABLE, 0, 5, "pk", 1, "c1", 0),
                row(TABLE, 1, 7, "pk", 1, "c1", 1),
                row(TABLE, 2, 5, "pk", 1, "c1", 5),
                row(TABLE, 3, 7, "pk", 1, "c1", 6));

        assertThat(changes)
                .extracting(c -> ((LogChange.Change) c).event().range().lower().prefix()[0])
                .containsExactly(0, 5);
    }

    @Test
    void aMutationGoesOnInTheNextPageAndEndsWithTheLast() {
        // Given the halves of a range on two pages of a unit, and a start that is the log's last row
        ReadUnit unit = new ReadUnit(List.of(new StreamId(STREAM)), TIME);
        LogDecoder decoder = new LogDecoder(TABLE.layout(logColumns(TABLE)));
        Mutations mutations = new Mutations();

        // When
        List<Mutation> first = mutations.of(page(unit, false, row(TABLE, 0, 5, "pk", 1)), decoder, READ_AT);
        List<Mutation> second = mutations.of(
                page(
                        unit,
                        true,
                        row(TABLE, 1, 8, "pk", 1, "c1", 3, "cdc$end_of_batch", true),
                        row(TABLE, 0, 5, "pk", 2)),
                decoder,
                READ_AT);

        // Then
        assertThat(first).isEmpty();
        assertThat(second).hasSize(2);
        assertThat(second.get(0).position()).isEqualTo(new LogPosition(TIME, 1));
        assertThat(second.get(0).stream()).isEqualTo(new StreamId(STREAM));
        assertThat(second.get(0).changes())
                .hasSize(1)
                .allSatisfy(c -> assertThat(c).isInstanceOf(LogChange.Change.class));
        assertThat(second.get(1).changes())
                .hasSize(1)
                .allSatisfy(c -> assertThat(c).isInstanceOf(LogChange.Undecodable.class));
    }

    private static LogPage page(ReadUnit unit, boolean last, LogRow... rows) {
        return new LogPage(unit, logColumns(TABLE), List.of(rows), rows.length, last);
    }

    @Test
    void imagesOfAFullLogAreLeftOut() {
        List<LogChange> changes = changes(
                TABLE,
                row(TABLE, 0, 0, "pk", 1, "c1", 2, "c2", "x", "v", "old"),
                row(TABLE, 1, 1, "pk", 1, "c1", 2, "c2", "x", "v", "new"),
                row(TABLE, 2, 9, "pk", 1, "c1", 2, "c2", "x", "v", "new"));

        assertThat(changes).hasSize(1);
        assertThat(((LogChange.Change) changes.get(0)).event().values()).containsExactly(null, new Utf8("new"), null);
    }

    @Test
    void keysAreMatchedWithTheirPostimagesByKey() {
        // Given changes of a static column, two rows and a delete, with postimages in another order
        List<LogChange> changes = changes(
                KEYS_ONLY,
                row(KEYS_ONLY, 0, 1, "pk", 1),
                row(KEYS_ONLY, 1, 2, "pk", 1, "c1", 2, "c2", "x", "cdc$ttl", 60L),
                row(KEYS_ONLY, 2, 1, "pk", 1, "c1", 2, "c2", "y"),
                row(KEYS_ONLY, 3, 3, "pk", 1, "c1", 2, "c2", "z"),
                row(KEYS_ONLY, 4, 9, "pk", 1, "c1", 2, "c2", "y", "v", "of y", "l", Map.of(TIME, "e")),
                row(KEYS_ONLY, 5, 9, "pk", 1, "c1", 2, "c2", "x", "v", "of x"),
                row(KEYS_ONLY, 6, 9, "pk", 1, "s", 5));

        // Then each has the values of its key, and all columns count as written
        assertThat(changes)
                .extracting(c -> ((LogChange.Change) c).event())
                .satisfiesExactly(
                        statics -> {
                            assertThat(statics.isPartitionLevel()).isTrue();
                            assertThat(statics.values()).containsExactly(5, null, null);
                            assertThat(statics.changed()).isNull();
                        },
                        insert -> {
                            assertThat(insert.op()).isEqualTo(Operation.CREATE);
                            assertThat(insert.values()).containsExactly(null, new Utf8("of x"), null);
                            assertThat(insert.changed()).isNull();
                        },
                        update -> {
                            assertThat(update.op()).isEqualTo(Operation.UPDATE);
                            assertThat(update.values()).containsExactly(null, new Utf8("of y"), List.of(new Utf8("e")));
                            assertThat(update.changed()).isNull();
                        },
                        delete -> assertThat(delete.op()).isEqualTo(Operation.DELETE));
    }

    @Test
    void aKeyWhoseRowTheSameMutationDeletesHasNoPostimageAndIsNoChange() {
        // BEGIN UNLOGGED BATCH INSERT … c2 = 'x'; INSERT … c2 = 'y'; DELETE … c2 = 'x' APPLY BATCH
        List<LogChange> row = changes(
                KEYS_ONLY,
                row(KEYS_ONLY, 0, 2, "pk", 1, "c1", 2, "c2", "x"),
                row(KEYS_ONLY, 1, 2, "pk", 1, "c1", 2, "c2", "y"),
                row(KEYS_ONLY, 2, 3, "pk", 1, "c1", 2, "c2", "x"),
                row(KEYS_ONLY, 3, 9, "pk", 1, "c1", 2, "c2", "y", "v", "of y"));
        // BEGIN UNLOGGED BATCH UPDATE … SET s = 1; INSERT …; DELETE … WHERE pk = 1 APPLY BATCH
        List<LogChange> partition = changes(
                KEYS_ONLY,
                row(KEYS_ONLY, 0, 1, "pk", 1),
                row(KEYS_ONLY, 1, 2, "pk", 1, "c1", 2, "c2", "x"),
                row(KEYS_ONLY, 2, 4, "pk", 1));
        // BEGIN UNLOGGED BATCH INSERT …; DELETE … WHERE pk = 1 AND c1 > 1 APPLY BATCH
        List<LogChange> range = changes(
                KEYS_ONLY,
                row(KEYS_ONLY, 0, 2, "pk", 1, "c1", 2, "c2", "x"),
                row(KEYS_ONLY, 1, 6, "pk", 1, "c1", 1),
                row(KEYS_ONLY, 2, 7, "pk", 1));

        assertThat(row).extracting(MutationTest::operation).containsExactly(Operation.CREATE, Operation.DELETE);
        assertThat(partition).extracting(MutationTest::operation).containsExactly(Operation.DELETE);
        assertThat(range).extracting(MutationTest::operation).containsExactly(Operation.DELETE);
    }

    private static Operation operation(LogChange change) {
        return ((LogChange.Change) change).event().op();
    }

    @Test
    void aKeyWithoutItsPostimageIsHandedOver() {
        List<LogChange> changes = changes(KEYS_ONLY, row(KEYS_ONLY, 0, 1, "pk", 1, "c1", 2, "c2", "y"));

        assertThat(changes)
                .hasSize(1)
                .allSatisfy(c -> assertThat(c)
                        .isInstanceOfSatisfying(
                                LogChange.Undecodable.class,
                                u -> assertThat(u.reason()).contains("its postimage is missing")));
    }
}
