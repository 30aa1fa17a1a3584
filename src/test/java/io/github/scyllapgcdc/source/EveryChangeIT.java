package io.github.scyllapgcdc.source;

import static io.github.scyllapgcdc.source.SourceTables.awaitCount;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.Range;
import io.github.scyllapgcdc.event.TableId;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every operation of the log and every type that holds others, from the statement to the published event. */
class EveryChangeIT {
    private static final String KEYSPACE = "every_change_it";

    private static SourceTables tables;
    private static SourceApplication application;
    private static String route;

    @BeforeAll
    static void start() throws Exception {
        tables = new SourceTables(KEYSPACE);
        tables.execute("CREATE TYPE " + KEYSPACE + ".point (x int, y int)");
        tables.execute("CREATE TYPE " + KEYSPACE
                + ".address (street text, \"The No\" varint, at frozen<point>, tags frozen<map<text, int>>)");
        application = new SourceApplication(tables.stack(), Map.of());
    }

    @AfterAll
    static void stop() {
        application.close();
        tables.close();
    }

    @AfterEach
    void nothingWasDeadLettered() {
        assertThat(application.status(route).deadLetters()).isZero();
    }

    private static List<ChangeEvent> publish(TableId table, int count, String... statements) throws Exception {
        try (Published published = new Published(tables.stack(), table.topic())) {
            route = application.add(table, "");
            for (String statement : statements) {
                tables.execute(statement.replace("$t", table.toString()));
            }
            awaitCount(published, count);
            List<ChangeEvent> events = published.events();
            assertThat(events).hasSize(count);
            return events;
        }
    }

    @Test
    void everyTypeThatHoldsOthersArrives() throws Exception {
        TableId table = tables.create(
                "types",
                "id frozen<tuple<int, text>>, ck frozen<address>, l list<int>, s set<decimal>, m map<inet, text>, "
                        + "fl frozen<list<text>>, fs frozen<set<int>>, fm frozen<map<text, frozen<list<duration>>>>, "
                        + "u address, fu frozen<address>, t tuple<timeuuid, double>, v vector<float, 3>, "
                        + "deep map<int, frozen<map<frozen<point>, frozen<set<blob>>>>>, us list<frozen<point>>, "
                        + "PRIMARY KEY (id, ck)");

        ChangeEvent event = publish(
                        table,
                        1,
                        "INSERT INTO $t (id, ck, l, s, m, fl, fs, fm, u, fu, t, v, deep, us) VALUES ((1, 'a'), "
                                + "{street: 's', \"The No\": 7}, [3, 1], {1.10, 2}, {'10.0.0.1': 'x'}, ['b', 'a'], {}, "
                                + "{'k': [1mo2d3s]}, {street: 'u', at: {x: 1}}, {tags: {'z': 1, 'a': 2}}, "
                                + "(8ac6d1dc-fbeb-11e9-8f0b-362b9e155667, 1.5), [1.5, -2, 0], "
                                + "{9: {{x: 1, y: 2}: {0x00ff}}}, [{x: 1}, {y: 2}])")
                .get(0);

        assertThat(event.key()).containsExactly(List.of(1, "a"), Arrays.asList("s", new BigDecimal(7), null, null));
        assertThat(event.elements()).isNull();
        assertThat(event.changed().cardinality()).isEqualTo(12);
        assertThat(value(event, "l")).isEqualTo(List.of(3, 1));
        assertThat(value(event, "s")).isEqualTo(List.of(new BigDecimal("1.10"), new BigDecimal("2")));
        assertThat(value(event, "m")).isEqualTo(Map.of("10.0.0.1", "x"));
        assertThat(value(event, "fl")).isEqualTo(List.of("b", "a"));
        assertThat(value(event, "fs")).isEqualTo(List.of());
        assertThat(value(event, "fm")).isEqualTo(Map.of("k", List.of("P1M2DT3S")));
        assertThat(value(event, "u")).isEqualTo(Arrays.asList("u", null, Arrays.asList(1, null), null));
        assertThat(value(event, "fu")).isEqualTo(Arrays.asList(null, null, null, Map.of("a", 2, "z", 1)));
        assertThat(value(event, "t")).isEqualTo(List.of("8ac6d1dc-fbeb-11e9-8f0b-362b9e155667", 1.5));
        assertThat(value(event, "v")).isEqualTo(List.of(1.5f, -2f, 0f));
        assertThat(value(event, "deep")).isEqualTo(Map.of(9, Map.of(List.of(1, 2), List.of(ByteBuffer.wrap(new byte[] {
            0, (byte) 0xff
        })))));
        assertThat(value(event, "us")).isEqualTo(List.of(Arrays.asList(1, null), Arrays.asList(null, 2)));
    }

    @Test
    void changesOfElementsAreToldFromWholeValues() throws Exception {
        TableId table = tables.create("elements", "id int PRIMARY KEY, s set<text>, m map<int, text>, u address");

        List<ChangeEvent> events = publish(
                table,
                5,
                "UPDATE $t SET s = s + {'a'}, m[1] = 'one', u.street = 'x' WHERE id = 1",
                "UPDATE $t SET s = s - {'a'}, m = m - {1, 2}, u.\"The No\" = null WHERE id = 1",
                "UPDATE $t SET s = {'b'}, m = null, u = {street: 'whole'} WHERE id = 1",
                "UPDATE $t USING TTL 600 SET s = s + {'c'} WHERE id = 1",
                "DELETE m[7] FROM $t WHERE id = 1");

        assertThat(events.get(0).elements().columns()).isEqualTo(bits(0, 1, 2));
        assertThat(value(events.get(0), "s")).isEqualTo(List.of("a"));
        assertThat(value(events.get(0), "m")).isEqualTo(Map.of(1, "one"));
        assertThat(value(events.get(0), "u")).isEqualTo(Arrays.asList("x", null, null, null));
        assertThat(events.get(0).elements().removed()).containsOnlyNulls();
        assertThat(events.get(1).changed()).isEqualTo(bits(0, 1, 2));
        assertThat(value(events.get(1), "s")).isNull();
        assertThat(removed(events.get(1), "s")).isEqualTo(List.of("a"));
        assertThat(removed(events.get(1), "m")).isEqualTo(List.of(1, 2));
        assertThat(removed(events.get(1), "u")).isEqualTo(List.of("The No"));
        assertThat(events.get(2).elements()).isNull();
        assertThat(events.get(2).changed()).isEqualTo(bits(0, 1, 2));
        assertThat(value(events.get(2), "s")).isEqualTo(List.of("b"));
        assertThat(value(events.get(2), "m")).isNull();
        assertThat(value(events.get(2), "u")).isEqualTo(Arrays.asList("whole", null, null, null));
        assertThat(events.get(3).elements().columns()).isEqualTo(bits(index(events.get(3), "s")));
        assertThat(events.get(3).expiresAtMillis())
                .isEqualTo(events.get(3).source().tsMicros() / 1000 + 600_000);
        assertThat(removed(events.get(4), "m")).isEqualTo(List.of(7));
    }

    @Test
    void listsAreReadBackFromTheTable() throws Exception {
        // Given
        TableId table = tables.create(
                "lists",
                "pk int, ck text, sl list<int> static, l list<frozen<point>>, other list<text>, PRIMARY KEY (pk, ck)");
        tables.execute("INSERT INTO %s (pk, ck, l, sl) VALUES (1, 'a', [{x: 1}], [1])".formatted(table));
        tables.execute("UPDATE %s SET l = l + [{x: 2}], sl = [0] + sl WHERE pk = 1 AND ck = 'a'".formatted(table));
        tables.execute("UPDATE %s SET l[0] = {y: 5}, other = other + ['x'] WHERE pk = 1 AND ck = 'a'".formatted(table));
        tables.execute("UPDATE %s SET l = l + [{x: 2}] WHERE pk = 1 AND ck = 'gone'".formatted(table));
        tables.execute("DELETE FROM %s WHERE pk = 1 AND ck = 'gone'".formatted(table));
        tables.execute("UPDATE %s SET l = null WHERE pk = 1 AND ck = 'b'".formatted(table));

        // When: all of it is published afterwards
        List<ChangeEvent> events = publish(table, 8);

        // Then: changes of elements carry the list as it is now, those of whole lists what was written
        List<?> now = List.of(Arrays.asList(null, 5), Arrays.asList(2, null));
        assertThat(events).allSatisfy(e -> assertThat(e.elements()).isNull());
        assertThat(value(events.get(0), "sl")).isEqualTo(List.of(1));
        assertThat(value(events.get(1), "l")).isEqualTo(List.of(Arrays.asList(1, null)));
        assertThat(events.get(2).isPartitionLevel()).isTrue();
        assertThat(value(events.get(2), "sl")).isEqualTo(List.of(0, 1));
        assertThat(value(events.get(3), "l")).isEqualTo(now);
        assertThat(value(events.get(3), "other")).isNull();
        assertThat(value(events.get(4), "l")).isEqualTo(now);
        assertThat(value(events.get(4), "other")).isEqualTo(List.of("x"));
        assertThat(events.get(5).changed().cardinality()).isEqualTo(1);
        assertThat(events.get(5).values()).containsOnlyNulls();
        assertThat(events.get(6).op()).isEqualTo(Operation.DELETE);
        assertThat(events.get(7).values()).containsOnlyNulls();
    }

    @Test
    void staticColumnsAreChangesOfThePartition() throws Exception {
        TableId table = tables.create("statics", "pk int, ck int, s text static, v text, PRIMARY KEY (pk, ck)");

        List<ChangeEvent> events = publish(
                table,
                4,
                "INSERT INTO $t (pk, ck, s, v) VALUES (1, 2, 'x', 'y')",
                "UPDATE $t SET s = null WHERE pk = 1",
                "DELETE FROM $t WHERE pk = 1");

        assertThat(events).extracting(e -> e.op().code()).containsExactly("u", "c", "u", "d");
        assertThat(events.get(0).isPartitionLevel()).isTrue();
        assertThat(value(events.get(0), "s")).isEqualTo("x");
        assertThat(events.get(1).key()).containsExactly(1, 2);
        assertThat(value(events.get(1), "s")).isNull();
        assertThat(value(events.get(1), "v")).isEqualTo("y");
        assertThat(events.get(1).changed().cardinality()).isEqualTo(1);
        assertThat(events.get(2).values()).containsOnlyNulls();
        assertThat(events.get(2).changed()).isEqualTo(events.get(0).changed());
        assertThat(events.get(3).isPartitionDelete()).isTrue();
    }

    @Test
    void rangeDeletesHaveBothBoundsInClusteringOrder() throws Exception {
        tables.execute(
                "CREATE TABLE " + KEYSPACE + ".ranges (pk int, a int, b timeuuid, v text, PRIMARY KEY (pk, a, b)) "
                        + "WITH CLUSTERING ORDER BY (a DESC, b ASC) AND cdc = {'enabled': true}");
        TableId table = tables.id("ranges");
        String id = "8ac6d1dc-fbeb-11e9-8f0b-362b9e155667";

        List<ChangeEvent> events = publish(
                table,
                5,
                "DELETE FROM $t WHERE pk = 1 AND a > 3 AND a <= 7",
                "DELETE FROM $t WHERE pk = 1 AND a = 5",
                "DELETE FROM $t WHERE pk = 1 AND a = 5 AND b >= " + id,
                "DELETE FROM $t WHERE pk = 1 AND a < 3",
                "DELETE FROM $t WHERE pk = 1 AND a = 5 AND b = " + id);

        assertThat(events).allSatisfy(e -> assertThat(e.op()).isEqualTo(Operation.DELETE));
        assertThat(events).extracting(ChangeEvent::isPartitionDelete).containsOnly(false);
        assertThat(events.get(0).schema().keyColumns())
                .extracting(c -> c.descending())
                .containsExactly(false, true, false);
        assertBounds(events.get(0).range(), Arrays.asList(7, null), true, Arrays.asList(3, null), false);
        assertBounds(events.get(1).range(), Arrays.asList(5, null), true, Arrays.asList(5, null), true);
        assertBounds(events.get(2).range(), List.of(5, id), true, Arrays.asList(5, null), true);
        assertThat(events.get(3).range().upper()).isNull();
        assertThat(events.get(3).range().lower().prefix()).containsExactly(3, null);
        assertThat(events.get(3).range().lower().inclusive()).isFalse();
        assertThat(events.get(4).range()).isNull();
        assertThat(events.get(4).key()).containsExactly(1, 5, id);
    }

    private static void assertBounds(
            Range range, List<?> lower, boolean lowerInclusive, List<?> upper, boolean upperInclusive) {
        assertThat(Arrays.asList(range.lower().prefix())).isEqualTo(lower);
        assertThat(range.lower().inclusive()).isEqualTo(lowerInclusive);
        assertThat(Arrays.asList(range.upper().prefix())).isEqualTo(upper);
        assertThat(range.upper().inclusive()).isEqualTo(upperInclusive);
    }

    @Test
    void writesOfOneMutationWithAndWithoutTimeToLiveAreTwoChanges() throws Exception {
        TableId table = tables.create("ttl", "id int PRIMARY KEY, a int, b text, s set<int>");

        List<ChangeEvent> events = publish(
                table,
                5,
                "UPDATE $t USING TTL 600 SET a = 0, b = null WHERE id = 1",
                "INSERT INTO $t (id, s) VALUES (1, {1}) USING TTL 600");

        assertThat(events).extracting(e -> e.expiresAtMillis() != null).containsExactly(false, true, true, false, true);
        assertThat(events).extracting(e -> e.op().code()).containsExactly("u", "u", "c", "u", "u");
        assertThat(events.get(3).elements()).isNull();
        assertThat(value(events.get(3), "s")).isNull();
        assertThat(value(events.get(4), "s")).isEqualTo(List.of(1));
        assertThat(events.get(4).elements().columns()).isEqualTo(events.get(4).changed());
    }

    private static Object value(ChangeEvent event, String column) {
        return event.values()[index(event, column)];
    }

    private static List<Object> removed(ChangeEvent event, String column) {
        return event.elements().removed().get(index(event, column));
    }

    private static int index(ChangeEvent event, String column) {
        for (int i = 0; i < event.schema().valueColumns().size(); i++) {
            if (event.schema().valueColumns().get(i).name().equals(column)) {
                return i;
            }
        }
        throw new AssertionError("no column " + column);
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }
}
