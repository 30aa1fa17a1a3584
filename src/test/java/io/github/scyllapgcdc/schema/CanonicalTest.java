package io.github.scyllapgcdc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventTypes;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class CanonicalTest {
    private static final Schema TEXT = EventTypes.plain(Schema.Type.STRING);
    private static final ValuePolicy LENIENT = new ValuePolicy(true, true);

    @Test
    void valuesInARowAreNotMistakenForOthers() {
        // Given rows of two texts whose letters are the same, with nulls and empty texts
        List<List<String>> rows = List.of(
                Arrays.asList("ab", "c"),
                Arrays.asList("a", "bc"),
                Arrays.asList("abc", ""),
                Arrays.asList("abc", null),
                Arrays.asList("", "abc"),
                Arrays.asList(null, "abc"),
                Arrays.asList(null, null),
                Arrays.asList("", null));

        // When each is written as one
        Canonical.Writer writer = Canonical.of(TEXT, ValuePolicy.STRICT);
        CanonicalBuffer buffer = new CanonicalBuffer();
        Set<List<Byte>> all = new HashSet<>();
        for (List<String> row : rows) {
            buffer.reset();
            row.forEach(text -> writer.write(text, buffer));
            all.add(bytes(buffer));
        }

        // Then no two are the same
        assertThat(all).hasSameSizeAs(rows);
    }

    @Test
    void bothFormsOfTextAreTheSame() {
        for (String text : List.of("", "größe 😀", "x".repeat(2_000))) {
            assertThat(of(TEXT, LENIENT, new Utf8(text))).isEqualTo(of(TEXT, LENIENT, text));
        }
        assertThat(of(TEXT, LENIENT, new Utf8("a\0b"))).isEqualTo(of(TEXT, LENIENT, "ab"));
        assertThat(of(TEXT, ValuePolicy.STRICT, "a\0b")).isNotEqualTo(of(TEXT, ValuePolicy.STRICT, "ab"));
    }

    @Test
    void aKeyThatTheSinkRefusesIsNoOther() {
        // Given keys that are dead letters, and what Postgres would take them for
        Map<EventColumn, List<Object>> keys = new LinkedHashMap<>();
        keys.put(
                key(Kind.PARTITION_KEY, EventTypes.bigDecimal()),
                List.of(new BigDecimal("1.50"), new BigDecimal("1.5")));
        keys.put(key(Kind.CLUSTERING, EventTypes.timeNanos()), List.of(1_001L, 1_000L));
        keys.put(key(Kind.CLUSTERING, EventTypes.plain(Schema.Type.DOUBLE)), List.of(-0.0, 0.0));
        keys.put(key(Kind.CLUSTERING, TEXT), List.of(new Utf8("a\0b"), new Utf8("ab")));
        keys.put(key(Kind.CLUSTERING, EventTypes.list(TEXT)), List.of(List.of(new Utf8("\0")), List.of(new Utf8(""))));
        keys.put(key(Kind.CLUSTERING, EventTypes.date()), List.of(Integer.MAX_VALUE, new UnlikeValue("infinity")));

        // When they are compared, even with the most lenient policy, then they differ
        keys.forEach((column, values) ->
                assertThat(of(column, values.get(0))).as(values.toString()).isNotEqualTo(of(column, values.get(1))));
        // but decimals in clustering keys, which neither side tells apart
        EventColumn clustering = key(Kind.CLUSTERING, EventTypes.bigDecimal());
        assertThat(of(clustering, new BigDecimal("1.50"))).isEqualTo(of(clustering, new BigDecimal("1.5")));
    }

    @Test
    void aListOfManyZerosAndAListOfNullsDiffer() {
        EventColumn list =
                new EventColumn("v", Kind.REGULAR, EventTypes.listOfCells(EventTypes.plain(Schema.Type.INT)), "");

        assertThat(of(list, List.of())).isEqualTo(of(list, null));
        assertThat(of(list, Arrays.asList((Object) null))).isNotEqualTo(of(list, null));
        assertThat(of(list, List.of(0, 0))).isNotEqualTo(of(list, List.of(0)));
    }

    private static EventColumn key(Kind kind, Schema type) {
        return new EventColumn("k", kind, type, "");
    }

    private static List<Byte> of(EventColumn column, Object value) {
        CanonicalBuffer buffer = new CanonicalBuffer();
        Canonical.of(column, LENIENT).write(value, buffer);
        return bytes(buffer);
    }

    private static List<Byte> of(Schema type, ValuePolicy policy, Object value) {
        CanonicalBuffer buffer = new CanonicalBuffer();
        Canonical.of(type, policy).write(value, buffer);
        return bytes(buffer);
    }

    private static List<Byte> bytes(CanonicalBuffer buffer) {
        Byte[] bytes = new Byte[buffer.length()];
        byte[] written = buffer.toByteArray();
        Arrays.setAll(bytes, i -> written[i]);
        return List.of(bytes);
    }
}
