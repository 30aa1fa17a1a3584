import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How fast a backlog goes from Scylla's log to Postgres: rows are written while no route reads them, then the table is deployed into
 * the running application, and the clock runs from the deployment until the last row is in Postgres. Embedded servers and
 * application share the machine. Each run has a table of its own in the same application: the first pays for its JVM's warm-up.
 */
public final class Backlog {
    private static final String TABLE = "bench.users";

    private Backlog() {}

    public static void main(String[] args) throws Exception {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        try (BenchPipeline pipeline = new BenchPipeline();
                KafkaConsumer<byte[], byte[]> kafka =
                        consumer(pipeline.stack.endpoints().kafkaBootstrap())) {
            for (int run = 1; run <= runs; run++) {
                measure(pipeline, kafka, rows, run);
            }
        }
    }

    private static void measure(BenchPipeline pipeline, KafkaConsumer<byte[], byte[]> kafka, int rows, int run)
            throws Exception {
        String table = TABLE + run;
        double written = pipeline.write(table, rows, true);
        Map<String, Double> before = pipeline.cpuSeconds();
        long begin = System.nanoTime();
        pipeline.deploy(table);
        double first = 0;
        double inKafka = 0;
        double inPostgres = 0;
        while (inPostgres == 0) {
            if (inKafka == 0) {
                long published = length(kafka, table);
                first = first == 0 && published > 0 ? BenchPipeline.seconds(begin) : first;
                inKafka = published >= rows ? BenchPipeline.seconds(begin) : 0;
            }
            if (applied(pipeline, table) >= rows && pipeline.number("SELECT count(*) FROM " + table) >= rows) {
                inPostgres = BenchPipeline.seconds(begin);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        System.out.printf(
                Locale.ROOT,
                "run %d: %,d rows; written at %,.0f/s; deployed to first batch in Kafka %.1f s, to all in Kafka %.1f s, to all in"
                        + " Postgres %.1f s: %,.0f rows/s from the deployment, %,.0f rows/s from the first batch; CPU"
                        + " seconds:%s%n",
                run,
                rows,
                written,
                first,
                inKafka,
                inPostgres,
                rows / inPostgres,
                rows / (inPostgres - first),
                pipeline.cpuSince(before));
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Offsets count a marker for each transaction too, which is far below what matters here. */
    private static long length(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> partitions = consumer.listTopics().getOrDefault(topic, List.of()).stream()
                .map(p -> new TopicPartition(topic, p.partition()))
                .toList();
        return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }

    /** How far the sink is in the topic: cheap to ask, unlike a count, which takes the database's time. */
    private static long applied(BenchPipeline pipeline, String table) throws Exception {
        return pipeline.number(
                "SELECT coalesce(sum(next_offset), 0) FROM cdc_metadata.sink_offsets WHERE topic = '" + table + "'");
    }
}
