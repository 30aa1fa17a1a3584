package io.github.scyllapgcdc.sink.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.Range;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.schema.ValuePolicy;
import io.github.scyllapgcdc.sink.Events;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RowCheckTest {
    private static final Events READINGS = Events.readings("ks.readings");
    private static final ValuePolicy LENIENT = new ValuePolicy(true, true);
    private static final Schema TEXT = EventTypes.plain(Schema.Type.STRING);
    private static final Schema TUPLE =
            EventTypes.tuple("ks.t.pair", List.of(EventTypes.bigDecimal(), EventTypes.list(TEXT)));

    @Test
    void ordinaryEventsAreNotRefused() {
        assertThat(refusal(READINGS.insert(List.of("a", 1), Map.of("note", "n")), ValuePolicy.STRICT))
                .isEmpty();
        assertThat(refusal(READINGS.delete(List.of("a", 1)), ValuePolicy.STRICT))
                .isEmpty();
        assertThat(refusal(READINGS.delete(List.of("a")), ValuePolicy.STRICT)).isEmpty();
        assertThat(refusal(READINGS.delete(List.of("a"), range(1, null)), ValuePolicy.STRICT))
                .isEmpty();
    }

    static List<Arguments> keys() {
        return List.of(
                Arguments.of(TEXT, "a\0b", "U+0000"),
                Arguments.of(Events.plain(Schema.Type.DOUBLE), -0.0d, "same key as 0.0"),
                Arguments.of(Events.plain(Schema.Type.FLOAT), -0.0f, "same key as 0.0"),
                Arguments.of(EventTypes.bigDecimal(), new BigDecimal("1.50"), "same key as 1.5"),
                Arguments.of(EventTypes.bigDecimal(), new BigDecimal("1E+3"), "same key as 1000"),
                Arguments.of(EventTypes.timestampMillis(), Long.MAX_VALUE, "beyond the range of Postgres' timestamps"),
                Arguments.of(EventTypes.date(), Integer.MIN_VALUE, "beyond the range of Postgres' dates"),
                Arguments.of(EventTypes.timeNanos(), 1_001L, "microseconds only"),
                Arguments.of(EventTypes.list(TEXT), List.of("a", "\0"), "U+0000"),
                Arguments.of(EventTypes.list(EventTypes.timeNanos()), List.of(1L), "microseconds only"),
                Arguments.of(TUPLE, Arrays.asList(new BigDecimal("2.0"), null), "same key as 2"));
    }

    /** Not even a policy that changes values touches a key. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("keys")
    void aKeyThatCannotBeHeldExactlyIsRefused(Schema type, Object value, String why) {
        Events table = new Events(
                EventSchema.of(TableId.parse("ks.t"), List.of(Events.column("id", Kind.PARTITION_KEY, type))));

        assertThat(refusal(table.insert(List.of(value), Map.of()), LENIENT))
                .hasValueSatisfying(reason ->
                        assertThat(reason).startsWith("key column \"id\"").contains(why));
    }

    static List<Arguments> values() {
        return List.of(
                Arguments.of(TEXT, "\0", "U+0000", true),
                Arguments.of(EventTypes.map("ks.t.m", TEXT, TEXT), Map.of("k\0", "v"), "U+0000", true),
                Arguments.of(
                        EventTypes.map("ks.t.m", Events.plain(Schema.Type.INT), TEXT), Map.of(1, "\0"), "U+0000", true),
                Arguments.of(TUPLE, Arrays.asList(null, List.of("\0")), "U+0000", true),
                Arguments.of(EventTypes.timestampMillis(), Long.MIN_VALUE, "timestamps", true),
                Arguments.of(EventTypes.list(EventTypes.date()), List.of(Integer.MAX_VALUE), "dates", true),
                Arguments.of(
                        EventTypes.bigDecimal(),
                        new BigDecimal(BigInteger.ONE, -200_000),
                        "200001 digits before the decimal point",
                        false),
                Arguments.of(
                        TUPLE,
                        Arrays.asList(new BigDecimal(BigInteger.ONE, 1_000_000_000), null),
                        "1000000000 behind it",
                        false));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("values")
    void aValueThatCannotBeHeldIsRefusedUnlessThePolicyChangesIt(
            Schema type, Object value, String why, boolean changeable) {
        Events table = new Events(EventSchema.of(
                TableId.parse("ks.t"),
                List.of(
                        Events.column("id", Kind.PARTITION_KEY, Events.plain(Schema.Type.INT)),
                        Events.column("v", Kind.REGULAR, type))));
        Map<String, Object> written = new LinkedHashMap<>();
        written.put("v", value);
        ChangeEvent event = table.insert(List.of(1), written);

        assertThat(refusal(event, ValuePolicy.STRICT))
                .hasValueSatisfying(
                        reason -> assertThat(reason).startsWith("column \"v\"").contains(why));
        assertThat(refusal(event, LENIENT).isEmpty()).isEqualTo(changeable);
    }

    @Test
    void instantsOfAnyRangeFitIntoJson() {
        Events table = new Events(EventSchema.of(
                TableId.parse("ks.t"),
                List.of(
                        Events.column("id", Kind.PARTITION_KEY, Events.plain(Schema.Type.INT)),
                        Events.column(
                                "v",
                                Kind.REGULAR,
                                EventTypes.tuple("ks.t.v", List.of(EventTypes.timestampMillis()))))));

        assertThat(refusal(table.insert(List.of(1), Map.of("v", List.of(Long.MAX_VALUE))), ValuePolicy.STRICT))
                .isEmpty();
    }

    @Test
    void rangesOfKeysThatPostgresDoesNotOrderAreRefused() {
        Events table = new Events(EventSchema.of(
                TableId.parse("ks.t"),
                List.of(
                        Events.column("p", Kind.PARTITION_KEY, Events.plain(Schema.Type.INT)),
                        Events.column("c", Kind.CLUSTERING, EventTypes.list(TEXT)))));

        assertThat(refusal(
                        table.delete(List.of(1), new Range(new Range.Bound(new Object[] {List.of("a")}, true), null)),
                        ValuePolicy.STRICT))
                .hasValueSatisfying(reason -> assertThat(reason).contains("clustering column \"c\""));
    }

    private static Range range(Object lower, Object upper) {
        return new Range(
                new Range.Bound(new Object[] {lower}, true),
                upper == null ? null : new Range.Bound(new Object[] {upper}, true));
    }

    private static Optional<String> refusal(ChangeEvent event, ValuePolicy policy) {
        return RowCheck.of(event.schema(), policy).refuse(event);
    }
}
