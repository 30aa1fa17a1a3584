package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.EventTypes;
import io.github.scyllapgcdc.event.TableId;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What events come to in Postgres, through Kafka and the routes. */
class PostgresSinkIT extends SinkTestSupport {

    @ParameterizedTest(name = "one batch: {0}")
    @ValueSource(booleans = {true, false})
    void everyOutcome(boolean oneBatch) throws Exception {
        // Given changes of every kind, in one batch or each in its own
        Events users = Events.users(table("users"));
        EventTopic topic = topic("users");
        sink(topic);
        List<ChangeEvent> story = List.of(
                users.insert(List.of(1L), Map.of("email", "a", "name", "A", "created_at", 1_700_000_000_123L)),
                users.update(List.of(1L), Map.of("email", "a2")),
                users.insert(List.of(2L), Map.of("email", "b", "name", "B")),
                users.update(List.of(2L), nulls("email")),
                users.update(List.of(3L), nulls("email")),
                users.insert(List.of(4L), Map.of("email", "d", "name", "D")),
                users.delete(List.of(4L)),
                users.insert(List.of(4L), Map.of("name", "D2")),
                users.insert(List.of(5L), Map.of("email", "e", "name", "E")),
                users.insert(List.of(5L), Map.of("name", "E2")),
                users.insert(List.of(6L), Map.of("email", "f")),
                users.delete(List.of(6L)),
                users.delete(List.of(7L)),
                users.insert(List.of(8L), Map.of()),
                users.insert(List.of(9L), Map.of("email", "i", "name", "I")),
                users.read(List.of(9L), Map.of("email", "i2")),
                users.update(List.of(10L), Map.of("name", "J")));

        // When they arrive
        for (ChangeEvent event : story) {
            topic.send(event);
            if (!oneBatch) {
                settle(topic);
            }
        }
        settle(topic);

        // Then the table is what Scylla's would be
        assertThat(query("SELECT user_id, email, name FROM " + table("users") + " ORDER BY 1"))
                .containsExactly(
                        Arrays.asList("1", "a2", "A"),
                        Arrays.asList("2", null, "B"),
                        Arrays.asList("4", null, "D2"),
                        Arrays.asList("5", "e", "E2"),
                        Arrays.asList("8", null, null),
                        Arrays.asList("9", "i2", null),
                        Arrays.asList("10", null, "J"));
        assertThat(value("SELECT extract(epoch FROM created_at) * 1000 FROM " + table("users") + " WHERE user_id = 1"))
                .startsWith("1700000000123");
    }

    @Test
    void partitionDeletesAreInOrderWithRows() throws Exception {
        Events readings = Events.readings(table("readings"));
        EventTopic topic = topic("readings");
        sink(topic);
        topic.send(readings.insert(List.of("a", 1), Map.of("value", 1.5)));
        topic.send(readings.insert(List.of("a", 2), Map.of("value", 2.5)));
        topic.send(readings.insert(List.of("b", 1), Map.of("value", 3.5)));
        settle(topic);

        topic.send(readings.update(List.of("a", 3), Map.of("value", 9.0)));
        topic.send(readings.delete(List.of("a")));
        topic.send(readings.update(List.of("a", 2), Map.of("note", "new")));
        settle(topic);

        assertThat(query("SELECT * FROM " + table("readings") + " ORDER BY 1, 2"))
                .containsExactly(Arrays.asList("a", "2", null, "new"), Arrays.asList("b", "1", "3.5", null));
    }

    @Test
    void everyScalarTypeArrives() throws Exception {
        // Given a row of every type, one of nulls, and a key of a type each
        Map<String, Schema> types = new LinkedHashMap<>();
        types.put("a_bool", Events.plain(Schema.Type.BOOLEAN));
        types.put("a_tiny", EventTypes.narrowInt(8));
        types.put("a_int", Events.plain(Schema.Type.INT));
        types.put("a_big", Events.plain(Schema.Type.LONG));
        types.put("a_float", Events.plain(Schema.Type.FLOAT));
        types.put("a_double", Events.plain(Schema.Type.DOUBLE));
        types.put("a_decimal", EventTypes.bigDecimal());
        types.put("a_blob", Events.plain(Schema.Type.BYTES));
        types.put("a_text", Events.plain(Schema.Type.STRING));
        types.put("a_uuid", EventTypes.uuid());
        types.put("a_timestamp", EventTypes.timestampMillis());
        types.put("a_date", EventTypes.date());
        types.put("a_time", EventTypes.timeNanos());
        types.put("a_inet", EventTypes.inet());
        types.put("a_duration", EventTypes.isoDuration());
        List<EventColumn> columns = new ArrayList<>();
        columns.add(Events.column("id", Kind.PARTITION_KEY, EventTypes.uuid()));
        types.forEach((name, type) -> columns.add(Events.column(name, Kind.REGULAR, type)));
        Events events = new Events(EventSchema.of(TableId.parse(table("types")), columns));
        EventTopic topic = topic("types");
        sink(topic);

        Map<String, Object> row = new HashMap<>();
        row.put("a_bool", true);
        row.put("a_tiny", -128);
        row.put("a_int", Integer.MIN_VALUE);
        row.put("a_big", Long.MIN_VALUE);
        row.put("a_float", 1.5f);
        row.put("a_double", Double.NaN);
        row.put("a_decimal", new BigDecimal("-12345678901234567890.123456789"));
        row.put("a_blob", ByteBuffer.wrap(new byte[] {0, 1, (byte) 0xff}));
        row.put("a_text", "quote \" comma , brace } back \\ slash é \uD83D\uDE00 NULL");
        row.put("a_uuid", "00000000-0000-4000-8000-000000000001");
        row.put("a_timestamp", -62_135_596_800_001L);
        row.put("a_date", -1);
        row.put("a_time", 86_399_999_999_999L);
        row.put("a_inet", "::1");
        row.put("a_duration", "P1M2DT3.5S");
        String first = "11111111-0000-4000-8000-000000000001";
        String second = "22222222-0000-4000-8000-000000000001";

        // When they arrive, the second with nothing but nulls
        topic.send(events.insert(List.of(first), row));
        topic.send(events.insert(List.of(second), Map.of()));
        settle(topic);

        // Then each value is what it was
        assertThat(query("SELECT a_bool, a_tiny, a_int, a_big, a_float, a_double, a_decimal, encode(a_blob, 'hex'),"
                        + " a_text, a_uuid, a_timestamp AT TIME ZONE 'UTC', a_date, a_time, a_inet, a_duration FROM "
                        + table("types") + " WHERE id = '" + first + "'"))
                .containsExactly(List.of(
                        "t",
                        "-128",
                        Integer.toString(Integer.MIN_VALUE),
                        Long.toString(Long.MIN_VALUE),
                        "1.5",
                        "NaN",
                        "-12345678901234567890.123456789",
                        "0001ff",
                        "quote \" comma , brace } back \\ slash é \uD83D\uDE00 NULL",
                        "00000000-0000-4000-8000-000000000001",
                        "0001-12-31 23:59:59.999 BC",
                        "1969-12-31",
                        "23:59:59.999999",
                        "::1",
                        "1 mon 2 days 00:00:03.5"));
        assertThat(value("SELECT num_nonnulls(a_bool, a_tiny, a_text, a_blob, a_timestamp, a_duration) FROM "
                        + table("types") + " WHERE id = '" + second + "'"))
                .isEqualTo("0");
    }

    @Test
    void wideBatches() throws Exception {
        // Given 10,000 rows of 30 columns in one batch
        List<EventColumn> columns = new ArrayList<>();
        columns.add(Events.column("k", Kind.PARTITION_KEY, Events.plain(Schema.Type.LONG)));
        for (int i = 0; i < 30; i++) {
            columns.add(Events.column(
                    "c" + i, Kind.REGULAR, Events.plain(i % 2 == 0 ? Schema.Type.STRING : Schema.Type.LONG)));
        }
        Events wide = new Events(EventSchema.of(TableId.parse(table("wide")), columns));
        EventTopic topic = topic("wide");
        for (long k = 0; k < 10_000; k++) {
            Map<String, Object> row = new HashMap<>();
            for (int i = 0; i < 30; i++) {
                if ((k + i) % 7 != 0) {
                    row.put("c" + i, i % 2 == 0 ? "v" + k : (Object) k);
                }
            }
            topic.send(k % 2 == 0 ? wide.insert(List.of(k), row) : wide.update(List.of(k), row));
        }
        topic.flush();

        // When it is applied
        sink(Map.of("sink.batch.size", "10000", "sink.linger.ms", "2000"), topic);
        settle(topic);

        // Then all of it is there
        assertThat(query("SELECT count(*), count(c0), count(c29), sum(c1) FROM " + table("wide")))
                .containsExactly(List.of("10000", "8571", "8572", Long.toString(sumOfC1())));
    }

    private static long sumOfC1() {
        long sum = 0;
        for (long k = 0; k < 10_000; k++) {
            sum += (k + 1) % 7 != 0 ? k : 0;
        }
        return sum;
    }

    @Test
    void twoTablesSideBySide() throws Exception {
        Events users = Events.users(table("users"));
        Events readings = Events.readings(table("readings"));
        EventTopic first = topic("users");
        EventTopic second = topic("readings");
        sink(first, second);
        for (long i = 0; i < 500; i++) {
            first.send(users.insert(List.of(i), Map.of("name", "n" + i)));
            second.send(readings.insert(List.of("s" + i % 10, (int) i), Map.of("value", (double) i)));
        }
        settle(first);
        settle(second);

        assertThat(value("SELECT count(*) FROM " + table("users"))).isEqualTo("500");
        assertThat(value("SELECT sum(value) FROM " + table("readings"))).isEqualTo("124750");
    }

    @Test
    void tableGrowsWithItsSchema() throws Exception {
        // Given a table made by hand with a narrower column, and a column of the owner's own
        execute(
                "CREATE SCHEMA " + keyspace,
                "CREATE TABLE " + table("users")
                        + " (user_id integer PRIMARY KEY, email varchar(3), own text DEFAULT 'mine')");
        EventTopic topic = topic("users");
        sink(topic);
        Events users = Events.users(table("users"));

        // When events carry wider types and more columns
        topic.send(users.insert(List.of(5_000_000_000L), Map.of("email", "long enough", "name", "N")));
        settle(topic);
        execute("UPDATE " + table("users") + " SET own = 'changed'");

        // Then it holds them, and a row that was deleted and came back has nothing of before
        assertThat(query("SELECT user_id, email, name, own FROM " + table("users")))
                .containsExactly(List.of("5000000000", "long enough", "N", "changed"));
        topic.send(users.delete(List.of(5_000_000_000L)));
        topic.send(users.insert(List.of(5_000_000_000L), Map.of("name", "N2")));
        settle(topic);
        assertThat(query("SELECT email, name, own FROM " + table("users")))
                .containsExactly(Arrays.asList(null, "N2", "mine"));
    }

    private static Map<String, Object> nulls(String column) {
        Map<String, Object> written = new HashMap<>();
        written.put(column, null);
        return written;
    }
}
