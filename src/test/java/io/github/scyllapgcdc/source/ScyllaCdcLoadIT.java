package io.github.scyllapgcdc.source;

import static io.github.scyllapgcdc.source.SourceTables.PATIENCE;
import static io.github.scyllapgcdc.source.SourceTables.awaitCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.cql.Row;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Operation;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.progress.ProgressReader;
import io.github.scyllapgcdc.progress.ProgressRecord.Load;
import io.github.scyllapgcdc.progress.TableProgress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rows that a table had before it was first published are published, and what happens to them meanwhile is not lost. */
class ScyllaCdcLoadIT {
    private static final String INITIAL = "snapshot: initial";
    private static final String SIMPLE = "id bigint PRIMARY KEY, v text";

    private static SourceTables tables;
    private static SourceApplication application;
    private static ProgressReader progress;

    @BeforeAll
    static void start() throws Exception {
        tables = new SourceTables("load_it");
        application = new SourceApplication(tables.stack(), Map.of());
        Properties client = new Properties();
        client.put("bootstrap.servers", tables.stack().kafkaBootstrap());
        progress = new ProgressReader(client);
    }

    @AfterAll
    static void stop() {
        progress.close();
        application.close();
        tables.close();
    }

    private static TableProgress awaitLoaded(TableId table) {
        await().atMost(PATIENCE).until(() -> {
            progress.poll();
            return progress.table(table.topic())
                    .filter(t -> t.loads().stream().anyMatch(load -> load.state() == Load.State.DONE))
                    .filter(t -> t.watermark().isPresent())
                    .isPresent();
        });
        return progress.table(table.topic()).orElseThrow();
    }

    @Test
    void rowsThatWereThereBeforeAreReadExactlyOnceAndThenTheLogGoesOn() throws Exception {
        // Given
        TableId table = tables.create("before", SIMPLE);
        tables.insert(table, 0, 3_000);
        tables.execute("DELETE FROM " + table + " WHERE id = 7");
        try (Published published = new Published(tables.stack(), table.topic())) {
            // When
            String route = application.add(table, INITIAL + ", batchSize: 500, pageSize: 100");
            TableProgress loaded = awaitLoaded(table);
            tables.execute("UPDATE " + table + " SET v = 'newer' WHERE id = 1");
            awaitCount(published, 3_000);

            // Then
            List<ChangeEvent> reads = published.events().stream()
                    .filter(e -> e.op() == Operation.READ)
                    .toList();
            assertThat(reads).hasSize(2_999).allSatisfy(e -> {
                assertThat(e.changed()).isNull();
                assertThat(e.values()).containsExactly("value " + e.key()[0]);
            });
            assertThat(reads)
                    .extracting(e -> e.key()[0])
                    .doesNotHaveDuplicates()
                    .doesNotContain(7L);
            List<ChangeEvent> ofOne = published.events().stream()
                    .filter(e -> e.key()[0].equals(1L))
                    .toList();
            assertThat(ofOne).extracting(ChangeEvent::op).containsExactly(Operation.READ, Operation.UPDATE);
            Load load = loaded.loads().iterator().next();
            assertThat(load.reload()).isFalse();
            assertThat(published.changeIds().stream().filter(id -> id.startsWith(load.id() + ':')))
                    .hasSize(2_999)
                    .doesNotHaveDuplicates();
            assertThat(application.status(route).load()).isEmpty();
            assertThat(application.status(route).detail()).startsWith("published up to");
        }
    }

    @Test
    void aColumnThatWasDroppedAndAddedAgainHasItsRowsReadOnceMore() throws Exception {
        // Given
        TableId table = tables.create("readded", "id bigint PRIMARY KEY, v text, w text");
        tables.execute("INSERT INTO " + table + " (id, v, w) VALUES (1, 'old', 'kept')");
        try (Published published = new Published(tables.stack(), table.topic())) {
            String route = application.add(table, INITIAL);
            awaitLoaded(table);
            awaitCount(published, 1);

            // When
            tables.execute("ALTER TABLE " + table + " DROP v");
            tables.execute("ALTER TABLE " + table + " ADD v text");
            application.context().getRouteController().stopRoute(route);
            application.context().getRouteController().startRoute(route);

            // Then
            awaitCount(published, 2);
            assertThat(published.events().get(1).op()).isEqualTo(Operation.READ);
            assertThat(published.events().get(1).values()).containsExactly(null, "kept");
            await().atMost(PATIENCE).until(() -> {
                progress.poll();
                return progress.table(table.topic()).orElseThrow().loads().stream()
                        .anyMatch(load -> load.reload() && load.state() == Load.State.DONE);
            });

            // And when the route starts another time, once was enough
            application.context().getRouteController().stopRoute(route);
            application.context().getRouteController().startRoute(route);
            tables.execute("UPDATE " + table + " SET v = 'new' WHERE id = 1");
            awaitCount(published, 3);
            assertThat(published.events()).extracting(ChangeEvent::op).last().isEqualTo(Operation.UPDATE);
        }
    }

    @Test
    void staticColumnsAndTimesToLiveAreReadInEventsOfTheirOwn() throws Exception {
        // Given
        TableId table =
                tables.create("columns", "pk int, ck int, s text static, a text, b text, c text, PRIMARY KEY (pk, ck)");
        tables.execute("INSERT INTO " + table + " (pk, ck, s, a) VALUES (1, 1, 'static', 'a1')");
        tables.execute("INSERT INTO " + table + " (pk, ck, a) VALUES (1, 2, 'a2')");
        tables.execute("UPDATE " + table + " USING TTL 3000 SET b = 'b2' WHERE pk = 1 AND ck = 2");
        tables.execute("UPDATE " + table + " USING TTL 9000 SET c = 'c2' WHERE pk = 1 AND ck = 2");
        tables.execute("INSERT INTO " + table + " (pk, ck, a) VALUES (2, 1, 'no static')");
        tables.execute("UPDATE " + table + " USING TTL 6000 SET s = 'only static' WHERE pk = 3");
        try (Published published = new Published(tables.stack(), table.topic())) {
            // When
            application.add(table, INITIAL);
            awaitLoaded(table);
            long now = System.currentTimeMillis();

            // Then
            List<ChangeEvent> one = ofPartition(published, 1);
            assertThat(names(one, 0)).isEqualTo("r pk=1 s=static changed=null");
            assertThat(names(one, 1)).isEqualTo("r pk=1 ck=1 a=a1 changed=null");
            assertThat(names(one, 2)).isEqualTo("r pk=1 ck=2 a=a2 b=b2 c=c2 changed=null");
            assertThat(names(one, 3)).isEqualTo("u pk=1 ck=2 b=b2 changed=[b]");
            assertThat(names(one, 4)).isEqualTo("u pk=1 ck=2 c=c2 changed=[c]");
            assertThat(one).hasSize(5);
            assertThat(one.get(3).expiresAtMillis()).isBetween(now + 2_900_000, now + 3_000_000);
            assertThat(one.get(4).expiresAtMillis()).isBetween(now + 8_900_000, now + 9_000_000);
            assertThat(one.get(0).isPartitionLevel()).isTrue();
            assertThat(ofPartition(published, 2)).hasSize(1);
            assertThat(names(ofPartition(published, 2), 0)).isEqualTo("r pk=2 ck=1 a=no static changed=null");
            List<ChangeEvent> three = ofPartition(published, 3);
            assertThat(three).hasSize(2);
            assertThat(names(three, 0)).isEqualTo("r pk=3 s=only static changed=null");
            assertThat(names(three, 1)).isEqualTo("u pk=3 s=only static changed=[s]");
            assertThat(three.get(1).expiresAtMillis()).isBetween(now + 5_900_000, now + 6_000_000);
        }
    }

    private static List<ChangeEvent> ofPartition(Published published, int pk) {
        return published.events().stream().filter(e -> e.key()[0].equals(pk)).toList();
    }

    /** An event in short: {@code <op> <column>=<value>… changed=<columns>}, nulls left out. */
    private static String names(List<ChangeEvent> events, int index) {
        ChangeEvent event = events.get(index);
        List<String> words = new ArrayList<>(List.of(event.op().code()));
        for (int i = 0; i < event.key().length; i++) {
            if (event.key()[i] != null) {
                words.add(event.schema().keyColumns().get(i).name() + '=' + event.key()[i]);
            }
        }
        for (int i = 0; event.values() != null && i < event.values().length; i++) {
            if (event.values()[i] != null) {
                words.add(event.schema().valueColumns().get(i).name() + '=' + event.values()[i]);
            }
        }
        BitSet changed = event.changed();
        words.add("changed="
                + (changed == null
                        ? null
                        : changed.stream()
                                .mapToObj(i ->
                                        event.schema().valueColumns().get(i).name())
                                .toList()));
        return String.join(" ", words);
    }

    @Test
    void changesMadeWhileTheLoadRunsAreRightAfterwards() throws Exception {
        // Given
        long seed = System.nanoTime();
        Random random = new Random(seed);
        TableId table = tables.create("meanwhile", SIMPLE);
        int ids = 8_000;
        tables.insert(table, 0, ids);
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            for (int i = 0; !enough.get(); i++) {
                long id = random.nextInt(ids + 500);
                tables.execute(
                        switch (random.nextInt(3)) {
                            case 0 -> "DELETE FROM " + table + " WHERE id = " + id;
                            case 1 -> "INSERT INTO " + table + " (id, v) VALUES (" + id + ", 'inserted " + i + "')";
                            default -> "UPDATE " + table + " SET v = 'updated " + i + "' WHERE id = " + id;
                        });
            }
        });
        try (Published published = new Published(tables.stack(), table.topic())) {
            // When
            application.add(table, INITIAL + ", batchSize: 200, pageSize: 20");
            awaitLoaded(table);
            enough.set(true);
            writing.get(1, TimeUnit.MINUTES);

            // Then
            Map<Long, String> rows = new TreeMap<>();
            for (Row row : tables.cql().execute("SELECT id, v FROM " + table)) {
                rows.put(row.getLong("id"), row.getString("v"));
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(applied(published)).as("seed %d", seed).isEqualTo(rows));
            assertThat(published.changeIds()).doesNotHaveDuplicates();
        }
    }

    /** A copy of the table made of its events. */
    private static Map<Long, String> applied(Published published) {
        Map<Long, String> copy = new TreeMap<>();
        for (ChangeEvent event : published.events()) {
            long id = (Long) event.key()[0];
            if (event.op() == Operation.DELETE) {
                copy.remove(id);
            } else {
                copy.put(id, event.values()[0].toString());
            }
        }
        return copy;
    }

    @Test
    void collectionsAreReadWholeAndTheirTimesToLiveAreNotAskedFor() throws Exception {
        // Given
        TableId table = tables.create(
                "collections",
                "id bigint PRIMARY KEY, s set<int>, l list<text>, m map<text, int>, " + "f frozen<list<int>>");
        tables.execute("INSERT INTO " + table + " (id, s, l, m, f) VALUES (1, {2, 1}, ['a', 'b'], {'k': 1}, [7]) "
                + "USING TTL 4000");
        try (Published published = new Published(tables.stack(), table.topic())) {
            // When
            application.add(table, INITIAL);
            awaitLoaded(table);

            // Then
            assertThat(names(published.events(), 0)).isEqualTo("r id=1 f=[7] l=[a, b] m={k=1} s=[1, 2] changed=null");
            assertThat(names(published.events(), 1)).isEqualTo("u id=1 f=[7] changed=[f]");
            assertThat(published.events()).hasSize(2);
        }
    }

    @Test
    void ofATableWithoutRowsTheLoadIsDoneAtOnce() throws Exception {
        // Given
        TableId table = tables.create("empty", SIMPLE);

        // When
        application.add(table, INITIAL);

        // Then
        assertThat(awaitLoaded(table).loading()).isFalse();
    }

    @Test
    void twoTasksLoadEachItsShare() throws Exception {
        // Given
        TableId table = tables.create("shares", SIMPLE);
        tables.insert(table, 0, 1_000);
        try (Published published = new Published(tables.stack(), table.topic())) {
            // When
            for (int task = 0; task < 2; task++) {
                application.add(table, task, 2, INITIAL, "transactionalId: scylla-source-" + table + "-" + task);
            }

            // Then
            awaitCount(published, 1_000);
            await().atMost(PATIENCE).until(() -> {
                progress.poll();
                return progress.table(table.topic())
                        .filter(t -> t.watermark().isPresent())
                        .isPresent();
            });
            assertThat(published.events()).allSatisfy(e -> assertThat(e.op()).isEqualTo(Operation.READ));
            assertThat(published.events().stream().map(e -> (Long) e.key()[0]).collect(Collectors.toSet()))
                    .hasSize(1_000);
            assertThat(published.count()).isEqualTo(1_000);
            assertThat(progress.table(table.topic()).orElseThrow().loads()).hasSize(2);
        }
    }
}
