package io.github.scyllapgcdc.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.cli.CommandRun;
import io.github.scyllapgcdc.deadletter.DeadLetterTopic;
import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dead letters as an operator deals with them: {@code ./cdc dlq} and the packaged application. */
class DeadLetterReplayIT {
    private static final Duration LANDS = Duration.ofSeconds(60);
    private static PipelineFixture fixture;
    private static PipelineApp app;

    @BeforeAll
    static void startTheApplication() throws Exception {
        fixture = new PipelineFixture("deadletters");
        app = PipelineApp.start("deadletters", Map.of("SOURCE_CONFIDENCE_WINDOW_MS", "1500"));
        app.awaitHealthy();
    }

    @AfterAll
    static void stopTheApplication() throws Exception {
        app.close();
        fixture.close();
    }

    @Test
    void aReplayBringsTheRowAsItIsNowAndNotAsItWas() throws Exception {
        // Given a row that a constraint refused, and newer data of it
        TableId users = fixture.table("users", "user_id bigint PRIMARY KEY, email text, name text");
        app.deploy(users);
        fixture.cql("INSERT INTO deadletters.users (user_id, name) VALUES (1, 'first')");
        fixture.awaitEqual(users, LANDS);
        sql("ALTER TABLE deadletters.users ADD CONSTRAINT users_name_check CHECK (name <> 'refused')");
        fixture.cql("INSERT INTO deadletters.users (user_id, email, name) VALUES (2, 'two@example.com', 'refused')");
        JsonNode letter = awaitLetters(users, 1).get(0);
        String id = letter.path("id").asText();
        fixture.cql("UPDATE deadletters.users SET name = 'newer' WHERE user_id = 2");
        Awaitility.await().atMost(LANDS).until(() -> "newer".equals(name(2)));

        // Then it is listed, and shown with the change in it
        assertThat(letter.path("sqlState").asText()).isEqualTo("23514");
        CommandRun list = dlq("list", "--table", users.toString(), "--error", "USERS_NAME_CHECK", "--state", "pending");
        assertThat(list.out())
                .contains(id)
                .contains("deadletters.users")
                .contains("23514")
                .endsWith("(1 dead letter)\n");
        assertThat(dlq("list", "--table", users.toString(), "--error", "23505").out())
                .isEqualTo("(0 dead letters)\n");
        assertThat(new ObjectMapper()
                        .readTree(dlq("list", "--table", users.toString(), "--json")
                                .out())
                        .path("letters"))
                .containsExactly(letter);
        CommandRun show = dlq("show", id);
        assertThat(show.code()).isZero();
        assertThat(show.out())
                .contains("\"email\" : \"two@example.com\"")
                .contains("\"name\" : \"refused\"")
                .contains("dlq.error.message");

        // When it is written once more, as a batch that is tried again does
        writeAgain(id);
        // Then it counts once
        assertThat(letters(users)).hasSize(1);

        // When its record is to be applied as it is, Then that is refused: there is newer data
        sql("ALTER TABLE deadletters.users DROP CONSTRAINT users_name_check");
        CommandRun raw = dlq("replay", id, "--raw");
        assertThat(raw.code()).isEqualTo(1);
        assertThat(raw.out())
                .contains("not replayed: " + id + ": a later record concerns the same row, deadletters.users-")
                .contains("0 dead letters replayed");
        assertThat(name(2)).isEqualTo("newer");

        // When it is replayed
        CommandRun replay = dlq("replay", "--table", users.toString());
        // Then the row is as it is in Scylla, with what the refused change brought and with what came after
        assertThat(replay.errors()).isEmpty();
        assertThat(replay.code()).isZero();
        assertThat(replay.out()).isEqualTo("1 dead letter replayed: asked ScyllaDB for the rows\n");
        fixture.awaitEqual(users, LANDS);
        assertThat(name(2)).isEqualTo("newer");

        // And it is marked, and left alone from now on
        assertThat(letters(users)).singleElement().satisfies(marked -> {
            assertThat(marked.path("id").asText()).isEqualTo(id);
            assertThat(marked.path("replayedHow").asText()).isEqualTo("refresh");
        });
        assertThat(dlq("replay", "--table", users.toString()).out())
                .startsWith("0 dead letters replayed")
                .contains("1 dead letter left alone");
        assertThat(dlq("replay", id, "--again").out()).startsWith("1 dead letter replayed");

        // When it is purged, Then it is gone
        assertThat(dlq("purge", "--table", users.toString(), "--state", "replayed")
                        .out())
                .isEqualTo("1 dead letter purged\n");
        assertThat(dlq("list", "--table", users.toString()).out()).isEqualTo("(0 dead letters)\n");
        CommandRun gone = dlq("show", id);
        assertThat(gone.code()).isEqualTo(1);
        assertThat(gone.errors()).startsWith("cdc: there is no dead letter \"" + id + "\"");
        assertThat(dlq("replay", id).errors()).startsWith("cdc: there is no dead letter \"" + id + "\"");
    }

    @Test
    void aRecordItselfIsAppliedWhereNothingNewerIsKnown() throws Exception {
        TableId users = fixture.table("raw_users", "user_id bigint PRIMARY KEY, email text, name text");
        app.deploy(users);
        fixture.cql("INSERT INTO deadletters.raw_users (user_id, name) VALUES (1, 'first')");
        fixture.awaitEqual(users, LANDS);
        sql("ALTER TABLE deadletters.raw_users ADD CONSTRAINT raw_name_check CHECK (name <> 'refused')");
        fixture.cql("INSERT INTO deadletters.raw_users (user_id, name) VALUES (2, 'refused')");
        awaitLetters(users, 1);
        sql("ALTER TABLE deadletters.raw_users DROP CONSTRAINT raw_name_check");

        CommandRun raw = dlq("replay", "--table", users.toString(), "--raw");

        assertThat(raw.out()).isEqualTo("1 dead letter replayed: applied\n");
        assertThat(raw.code()).isZero();
        assertThat(TableContents.ofPostgres(fixture.postgres(), users))
                .isEqualTo(TableContents.ofScylla(fixture.scylla(), users));
        assertThat(letters(users).get(0).path("replayedHow").asText()).isEqualTo("raw");
    }

    @Test
    void aRangeThatPostgresCannotFollowIsMadeGoodByThePartition() throws Exception {
        // Given a delete of a range whose bound is in a frozen collection
        TableId lists = fixture.table("lists", "pk int, ck frozen<list<int>>, v text, PRIMARY KEY (pk, ck)");
        app.deploy(lists);
        fixture.cql("INSERT INTO deadletters.lists (pk, ck, v) VALUES (1, [1], 'stays')");
        fixture.cql("INSERT INTO deadletters.lists (pk, ck, v) VALUES (1, [2], 'goes')");
        fixture.awaitSame(lists, LANDS);
        fixture.cql("DELETE FROM deadletters.lists WHERE pk = 1 AND ck > [1]");
        awaitLetters(lists, 1);

        // When it is replayed
        assertThat(dlq("replay", "--table", lists.toString()).out()).startsWith("1 dead letter replayed");

        // Then the partition is as it is in Scylla
        fixture.awaitSame(lists, LANDS);
    }

    @Test
    void aChangeThatCouldNotBePublishedIsAskedForByItsKey() throws Exception {
        // Given a value too large for Kafka, which made way for a smaller one
        TableId large = fixture.table("large", "pk int, ck int, v text, w text, PRIMARY KEY (pk, ck)");
        app.deploy(large);
        fixture.cql("INSERT INTO deadletters.large (pk, ck, v) VALUES (0, 0, 'published')");
        fixture.awaitSame(large, LANDS);
        fixture.cql("INSERT INTO deadletters.large (pk, ck, v, w) VALUES (1, 1, ?, 'small')", "x".repeat(1_100_000));
        JsonNode letter = awaitLetters(large, 1).get(0);
        fixture.cql("UPDATE deadletters.large SET v = 'fits' WHERE pk = 1 AND ck = 1");

        // Then its letter names it, and is no record
        assertThat(letter.path("topic").asText()).isEqualTo("dlq-scylla-source");
        assertThat(letter.path("error").asText()).contains("too large for Kafka");
        String id = letter.path("id").asText();
        assertThat(id).startsWith("deadletters.large/");
        assertThat(dlq("show", id).out()).contains("\"operation\" : \"c\"");
        CommandRun raw = dlq("replay", id, "--raw");
        assertThat(raw.code()).isEqualTo(1);
        assertThat(raw.out()).contains("never published");

        // When it is replayed
        assertThat(dlq("replay", "--topic", "dlq-scylla-source", "--table", large.toString())
                        .out())
                .startsWith("1 dead letter replayed");

        // Then the column that only the lost change wrote is there, too
        fixture.awaitSame(large, LANDS);
    }

    @Test
    void aWrongOrderIsOneLineAndChangesNothing() throws Exception {
        assertMistake(dlq("purge"), "cdc: which letters? give ids, topic, table, error or state, or all=true");
        assertMistake(dlq("purge", "nosuch/0/1"), "cdc: there is no dead letter \"nosuch/0/1\"");
        assertMistake(dlq("list", "--table", "users"), "cdc: \"users\" is not a table");
        assertMistake(dlq("list", "--limit", "0"), "cdc: limit=0 is refused");
        assertMistake(
                CommandRun.of("dlq", "list", "--app-url", "http://127.0.0.1:1"),
                "cdc: no running application at http://127.0.0.1:1");
    }

    private static void assertMistake(CommandRun outcome, String message) {
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.errors()).startsWith(message).hasLineCount(1);
    }

    private static List<JsonNode> awaitLetters(TableId table, int count) {
        Awaitility.await("dead letters of " + table)
                .atMost(LANDS)
                .untilAsserted(() -> assertThat(letters(table)).hasSize(count));
        return letters(table);
    }

    /** As anybody asks for them over HTTP, which takes no start of a JVM. */
    private static List<JsonNode> letters(TableId table) {
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(app.url() + "/dlq?table=" + table))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            List<JsonNode> letters = new ArrayList<>();
            new ObjectMapper().readTree(answer.body()).path("letters").forEach(letters::add);
            return letters;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes a letter once more as it is. */
    private static void writeAgain(String id) throws Exception {
        String bootstrap = fixture.endpoints().kafkaBootstrap();
        ConsumerRecord<byte[], byte[]> letter = CommittedTopic.read(bootstrap, DeadLetterTopic.SINK).stream()
                .filter(found -> new String(found.key(), StandardCharsets.UTF_8).equals(id))
                .findFirst()
                .orElseThrow();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            letter.topic(), letter.partition(), letter.key(), letter.value(), letter.headers()))
                    .get();
        }
    }

    private static CommandRun dlq(String... args) {
        List<String> all = new ArrayList<>(List.of("dlq"));
        all.addAll(List.of(args));
        all.addAll(List.of("--app-url", app.url()));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private static void sql(String statement) throws Exception {
        try (Statement run = fixture.postgres().createStatement()) {
            run.execute(statement);
        }
    }

    private static String name(long id) throws Exception {
        try (Statement select = fixture.postgres().createStatement();
                ResultSet row = select.executeQuery("SELECT name FROM deadletters.users WHERE user_id = " + id)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
