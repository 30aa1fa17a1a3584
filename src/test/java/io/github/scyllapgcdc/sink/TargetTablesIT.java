package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.config.SinkConfig;
import io.github.scyllapgcdc.config.SinkConfig.SchemaEvolution;
import io.github.scyllapgcdc.config.SinkConfig.TextNul;
import io.github.scyllapgcdc.config.SinkConfig.TimeRange;
import io.github.scyllapgcdc.config.SinkConfig.Ttl;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.event.EventColumn.Kind;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.metrics.Meters;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Two instances meet the same new table, column or wider type in the same moment. */
class TargetTablesIT extends SinkTestSupport {
    private static final Schema INT = Events.plain(Schema.Type.INT);
    private static final Schema LONG = Events.plain(Schema.Type.LONG);
    private static final SinkConfig CONFIG = new SinkConfig(
            1,
            Duration.ofMillis(1),
            0,
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ofSeconds(60),
            true,
            SchemaEvolution.ADDITIVE,
            Ttl.APPLY,
            TextNul.REJECT,
            TimeRange.REJECT,
            -1,
            SinkConfig.OnGap.STOP,
            "${topic}");

    private final TargetTables one = new TargetTables(CONFIG, Meters.of(new DefaultCamelContext()));
    private final TargetTables other = new TargetTables(CONFIG, Meters.of(new DefaultCamelContext()));

    @BeforeEach
    void createMetadata() throws Exception {
        try (Connection connection = connect()) {
            MetadataSchema.create(connection);
        }
    }

    @Test
    void twoInstancesCreateATableAtOnce() throws Exception {
        prepareAtOnce(schema(column("a", INT)));

        assertThat(columns()).isEqualTo("id integer, a integer");
    }

    @Test
    void twoInstancesAddAndWidenColumnsAtOnce() throws Exception {
        prepareAtOnce(schema(column("a", INT)));

        prepareAtOnce(schema(column("a", LONG), column("b", INT)));

        assertThat(columns()).isEqualTo("id integer, a bigint, b integer");
    }

    /** The second begins when the first has changed the table and not committed yet. */
    private void prepareAtOnce(EventSchema schema) throws Exception {
        String topic = table("t");
        try (Connection first = connect();
                Connection second = connect()) {
            first.setAutoCommit(false);
            second.setAutoCommit(false);
            one.prepare(first, topic, List.of(schema));
            Future<TargetTable> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    TargetTable prepared = other.prepare(second, topic, List.of(schema));
                    second.commit();
                    return prepared;
                } catch (Exception e) {
                    throw new AssertionError("the second instance failed", e);
                }
            });
            int pid = second.unwrap(PGConnection.class).getBackendPID();
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            "Lock".equals(value("SELECT wait_event_type FROM pg_stat_activity WHERE pid = " + pid)));

            first.commit();

            assertThat(waiting.get(30, TimeUnit.SECONDS).accepts(schema)).isTrue();
        }
    }

    private EventSchema schema(EventColumn... values) {
        List<EventColumn> columns = new ArrayList<>(List.of(Events.column("id", Kind.PARTITION_KEY, INT)));
        columns.addAll(List.of(values));
        return EventSchema.of(TableId.parse(table("t")), columns);
    }

    private static EventColumn column(String name, Schema type) {
        return Events.column(name, Kind.REGULAR, type);
    }

    private String columns() throws Exception {
        return value("SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)"
                + " FROM pg_attribute WHERE attnum > 0 AND attrelid = '" + table("t") + "'::regclass");
    }
}
