package io.github.scyllapgcdc.reconcile.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.TestPorts;
import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.config.TopicConfig;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.reconcile.RunStatus;
import io.github.scyllapgcdc.reconcile.RunStatus.State;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

/** The report of a run, through the route as it is and the sink's Kafka component as application.properties has it. */
class RunReportIT {
    private final StackEndpoints stack = TestStack.get().endpoints();

    @Test
    void eachRunIsReportedInAvroUnderItsTable() throws Exception {
        RunStatus equal = StoredRuns.run("report_it.users", State.EQUAL, 5, 5);
        RunStatus failed = StoredRuns.run("report_it.orders", State.FAILED, 0, 0);
        // When
        report(equal, failed);
        // Then whoever has the file of the schema can read both
        List<ConsumerRecord<String, byte[]>> records = read();
        assertThat(records.stream().map(ConsumerRecord::key)).containsExactly("report_it.users", "report_it.orders");
        GenericRecord first = decode(records.get(0).value());
        assertThat(first.get("run_id")).hasToString(equal.id().toString());
        assertThat(first.get("table_name")).hasToString("report_it.users");
        assertThat(first.get("mode")).hasToString("full");
        assertThat(first.get("state")).hasToString("equal");
        assertThat(first.get("started_ms")).isEqualTo(StoredRuns.BEGAN.toEpochMilli());
        assertThat(first.get("finished_ms")).isEqualTo(equal.finishedAt().toEpochMilli());
        assertThat(first.get("scylla_rows")).isEqualTo(1200L);
        assertThat(first.get("postgres_rows")).isEqualTo(1195L);
        assertThat(first.get("missing")).isEqualTo(5L);
        assertThat(first.get("repaired")).isEqualTo(5L);
        assertThat(first.get("left")).isEqualTo(0L);
        assertThat(first.get("error")).isNull();
        assertThat(decode(records.get(1).value()).get("error")).hasToString("Connection refused");
        // and they are kept for thirty days
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, ReportTopic.NAME);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", stack.kafkaBootstrap()))) {
            assertThat(admin.describeConfigs(List.of(topic))
                            .all()
                            .get()
                            .get(topic)
                            .get("retention.ms")
                            .value())
                    .isEqualTo(Long.toString(Duration.ofDays(30).toMillis()));
        }
    }

    private void report(RunStatus... ended) throws Exception {
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        main.configure().withRoutesIncludePattern("file:routes/reconcile.camel.yaml");
        int port = TestPorts.free();
        main.configure().httpServer().withEnabled(true).withHost("127.0.0.1").withPort(port);
        kafkaSink().forEach((name, value) -> main.addInitialProperty((String) name, (String) value));
        Bound bound = new Bound(port);
        main.addMainListener(bound);
        main.start();
        try {
            for (RunStatus run : ended) {
                bound.routes.accept(run);
            }
        } finally {
            main.stop();
        }
    }

    private Properties kafkaSink() throws IOException {
        Properties file = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("application.properties"), StandardCharsets.UTF_8)) {
            file.load(reader);
        }
        file.keySet()
                .removeIf(name -> !((String) name).startsWith("sink.")
                        && !((String) name).startsWith("camel.component.kafka-sink."));
        file.setProperty("kafka.bootstrap.servers", stack.kafkaBootstrap());
        return file;
    }

    private List<ConsumerRecord<String, byte[]>> read() {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", stack.kafkaBootstrap()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(ReportTopic.NAME, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            records.removeIf(other -> !other.key().startsWith("report_it."));
            return records;
        }
    }

    private static GenericRecord decode(byte[] bytes) throws IOException {
        Schema schema = new Schema.Parser()
                .parse(Path.of("src/main/resources/io/github/scyllapgcdc/reconcile/reconciliation-report.avsc")
                        .toFile());
        return new GenericDatumReader<GenericRecord>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
    }

    /** What the application binds, before stored runs. */
    private final class Bound extends MainListenerSupport {
        private final int port;
        private ReconcileRoutes routes;

        Bound(int port) {
            this.port = port;
        }

        @Override
        public void beforeInitialize(BaseMainSupport main) {
            main.getCamelContext().addComponent("kafka-sink", new KafkaComponent());
        }

        @Override
        public void afterConfigure(BaseMainSupport main) {
            TestPorts.serve(main.getCamelContext().getRegistry(), port);
            routes = new ReconcileRoutes(
                    main.getCamelContext(),
                    new KafkaConfig(stack.kafkaBootstrap(), Map.of()),
                    new TopicConfig(3, (short) 1));
            routes.bind(new StoredRuns());
        }
    }
}
