package io.github.scyllapgcdc.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.registry.InMemoryRegistry;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that fails while many letters are replayed: the answer says how far that came. */
class DeadLetterRequestsIT {
    private static final String TABLE = "dlqrequests.users";
    private static final int LETTERS = 5;

    private final KafkaConfig kafka =
            new KafkaConfig(TestStack.get().endpoints().kafkaBootstrap(), Map.of());
    private final CamelContext context = new DefaultCamelContext();
    private int applied;
    private int worksFor = Integer.MAX_VALUE;
    private final DeadLetterRequests requests =
            new DeadLetterRequests(kafka, new InMemoryRegistry(), refreshes -> {}, (record, topicId, group) -> {
                if (applied == worksFor) {
                    throw new TimeoutException("no answer");
                }
                applied++;
            });
    private final DeadLetterHttp http = new DeadLetterHttp(requests);

    @BeforeEach
    void writeLetters() throws Exception {
        Properties client = kafka.adminProperties();
        try (Admin admin = Admin.create(client);
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            DeadLetterTopic.ensure(admin, DeadLetterTopic.SINK, (short) 1);
            for (int offset = 0; offset < LETTERS; offset++) {
                ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(
                        DeadLetterTopic.SINK, ("dlqrequests/0/" + offset).getBytes(UTF_8), new byte[] {1});
                Map.of(
                                DeadLetterHeaders.TOPIC, TABLE,
                                DeadLetterHeaders.TOPIC_ID, "dlqrequests",
                                DeadLetterHeaders.PARTITION, "0",
                                DeadLetterHeaders.OFFSET, Integer.toString(offset),
                                DeadLetterHeaders.CONSUMER_GROUP, "sink")
                        .forEach((name, value) -> letter.headers().add(name, value.getBytes(UTF_8)));
                producer.send(letter).get();
            }
        }
    }

    @AfterEach
    void purge() {
        requests.purge(LetterQuery.of(Map.of("table", TABLE)));
        requests.stop();
    }

    @Test
    void aReplayThatIsCutShortSaysHowManyLettersAreDoneAndGoesOnWithTheRest() {
        // When a server fails at the third letter
        worksFor = 2;
        Exchange cutShort = replay();

        // Then the answer says so, and those two are marked
        assertThat(cutShort.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(503);
        Map<?, ?> answer = cutShort.getMessage().getBody(Map.class);
        assertThat(answer.get("replayed")).isEqualTo(2);
        assertThat((String) answer.get("error"))
                .startsWith("2 dead letters were replayed before, the same again goes on with the rest: Kafka")
                .endsWith("no answer");
        assertThat(states()).containsExactly("replayed", "replayed", "pending", "pending", "pending");

        // When it is back, Then the same request does the rest
        worksFor = Integer.MAX_VALUE;
        Exchange again = replay();
        assertThat(again.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(200);
        assertThat((Map<?, ?>) again.getMessage().getBody(Map.class))
                .isEqualTo(Map.of("replayed", 3, "before", 2, "failed", 0, "failures", List.of()));
        assertThat(applied).isEqualTo(LETTERS);
    }

    private Exchange replay() {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody("{\"table\": \"" + TABLE + "\", \"raw\": true}");
        http.replay(exchange);
        return exchange;
    }

    /** Of each letter in the order of their records. */
    private List<String> states() {
        Map<?, ?> all = requests.list(LetterQuery.of(Map.of("table", TABLE)));
        return ((List<?>) all.get("letters"))
                .stream()
                        .map(letter -> (Map<?, ?>) letter)
                        .sorted((a, b) ->
                                a.get("id").toString().compareTo(b.get("id").toString()))
                        .map(letter -> letter.get("replayedAt") == null ? "pending" : "replayed")
                        .toList();
    }
}
