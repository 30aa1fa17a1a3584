package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Changes about as large as Kafka takes, and larger: each arrives, or is a dead letter that says why. */
class LargeChangesFaultIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static final int ELEMENTS = 10_000;

    private static PipelineFixture fixture;

    @BeforeAll
    static void connect() throws Exception {
        fixture = new PipelineFixture("large_changes");
    }

    @AfterAll
    static void disconnect() throws Exception {
        fixture.close();
    }

    @Test
    void eachArrivesOrIsADeadLetterAndItsNeighboursArrive() throws Exception {
        TableId table = fixture.table(
                "things",
                "id int PRIMARY KEY, v text, l list<int>, s set<text>, m map<int, text>, f frozen<list<int>>");
        try (PipelineApp app = PipelineApp.start("large-changes", Map.of())) {
            app.deploy(table);
            app.awaitHealthy();

            // When a cell is nearly and one is quite a megabyte, and collections have ten thousand elements
            insert(1, "v", text(900_000));
            insert(2, "v", text(1 << 20));
            List<Integer> numbers = IntStream.range(0, ELEMENTS).boxed().toList();
            insert(3, "l", numbers);
            insert(4, "s", numbers.stream().map(n -> "element " + n).collect(Collectors.toCollection(TreeSet::new)));
            insert(5, "m", numbers.stream().collect(Collectors.toMap(n -> n, n -> "value " + n)));
            insert(6, "f", numbers);
            insert(7, "v", "small");

            // Then the one that is too large is a dead letter, and the others are there
            awaitLetter(table, "2", "too large for Kafka");
            Awaitility.await("the others arrive")
                    .atMost(LANDS)
                    .untilAsserted(() -> assertThat(rows(table)).containsExactlyElementsOf(List.of(1, 3, 4, 5, 6, 7)));

            // And when the broker's own limit is lowered while all runs, that is found out and heeded
            lowerLimit(table, 100_000);
            insert(8, "v", text(300_000));
            insert(9, "v", "small");
            awaitLetter(table, "8", "too large for Kafka");
            Awaitility.await("its neighbour arrives")
                    .atMost(LANDS)
                    .untilAsserted(() -> assertThat(rows(table)).contains(9).doesNotContain(8));

            // And once they are written in a size that fits, both sides are equal
            insert(2, "v", "small");
            insert(8, "v", "small");
            fixture.awaitSame(table, LANDS);
            assertThat(letters(table)).hasSize(2);
        }
    }

    private static void insert(int id, String column, Object value) {
        fixture.cql("INSERT INTO large_changes.things (id, " + column + ") VALUES (?, ?)", id, value);
    }

    /** Nothing that could be compressed. */
    private static String text(int length) {
        return new Random(length)
                .ints(length, '!', '~')
                .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                .toString();
    }

    private static List<Integer> rows(TableId table) throws Exception {
        try (var statement = fixture.postgres().createStatement();
                var rows = statement.executeQuery("SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM " + table)) {
            rows.next();
            return List.of((Integer[]) rows.getArray(1).getArray());
        }
    }

    private static void lowerLimit(TableId table, int bytes) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", fixture.endpoints().kafkaBootstrap()))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, table.topic()),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static void awaitLetter(TableId table, String id, String reason) {
        Awaitility.await("a dead letter of row " + id)
                .atMost(LANDS)
                .untilAsserted(() -> assertThat(letters(table)).anySatisfy(letter -> {
                    assertThat(letter.path("key").path("id").asText()).isEqualTo(id);
                    assertThat(letter.path("cause").asText()).contains(reason);
                }));
    }

    private static List<JsonNode> letters(TableId table) {
        return CommittedTopic.read(fixture.endpoints().kafkaBootstrap(), "dlq-scylla-source").stream()
                .map(record -> {
                    try {
                        return new ObjectMapper().readTree(record.value());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .filter(letter -> letter.path("table").asText().equals(table.toString()))
                .toList();
    }
}
