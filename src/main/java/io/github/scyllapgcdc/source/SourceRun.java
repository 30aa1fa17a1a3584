package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.checkpoint.CheckpointKey;
import io.github.scyllapgcdc.source.checkpoint.CheckpointRecord;
import io.github.scyllapgcdc.source.checkpoint.CheckpointState;
import io.github.scyllapgcdc.source.checkpoint.CheckpointValue;
import io.github.scyllapgcdc.source.generation.Generation;
import io.github.scyllapgcdc.source.generation.GenerationFollower;
import io.github.scyllapgcdc.source.kafka.CheckpointReader;
import io.github.scyllapgcdc.source.kafka.KeyPartitioner;
import io.github.scyllapgcdc.source.kafka.SourceTopics;
import io.github.scyllapgcdc.source.log.TableShape;
import io.github.scyllapgcdc.source.log.TableShapes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one start of a task holds, and the order in which it comes about. The route's producer is up already, so this task's
 * old transaction is settled. Then: producers of tasks that no longer exist are fenced, this start is put on record through
 * the task's own producer, and the checkpoints are read back once every task of the table has done so.
 */
final class SourceRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceRun.class);
    /** More than any transaction timeout that a broker allows by default would be too long to wait; ours is 15 s. */
    private static final Duration OPEN_TRANSACTIONS = Duration.ofSeconds(60);

    private static final Duration OTHER_TASKS = Duration.ofMillis(500);
    private static final Duration GENERATIONS = Duration.ofSeconds(5);
    private static final Duration CHECKS = Duration.ofMinutes(1);
    /** Room for a record's headers and the batch around it. */
    private static final int RECORD_MARGIN = 16 * 1024;

    private final ScyllaCdcConsumer consumer;
    private final SourceOptions options;
    private final TableId table;
    private final CdcConfig config;
    private final SourceStatus status;
    private final StopSignal stop;
    private final String startId = UUID.randomUUID().toString();
    private final BatchSender sender;
    private final SourceTopics topics;
    private final CheckpointReader checkpoints;
    private CheckpointState begunWith;
    private GenerationFollower generations;
    private Publisher publisher;
    private long nextCheckNanos = System.nanoTime();

    SourceRun(ScyllaCdcConsumer consumer, CdcConfig config, SourceStatus status, StopSignal stop) {
        this.consumer = consumer;
        this.options = consumer.options();
        this.table = options.table();
        this.config = config;
        this.status = status;
        this.stop = stop;
        this.sender = new BatchSender(consumer);
        Properties client = config.kafka().adminProperties();
        this.topics = new SourceTopics(client, config.topic());
        this.checkpoints = new CheckpointReader(client, SourceTopics.CHECKPOINTS, OPEN_TRANSACTIONS);
    }

    /** Makes ready to publish; afterwards {@link #publish()}. Returns early when the task is to end. */
    void start() throws InterruptedException {
        RouteKafkaNode node = RouteKafkaNode.of(consumer.getRoute(), options);
        CqlSession session = connect();
        TableShape shape = TableShapes.of(session, table);
        topics.ensureShared();
        CheckpointState before = checkpoints.read(table);
        CheckpointValue.Topic topic = requireTopic(before);
        fenceLeftOvers(before);
        int largest = Math.min(node.maxRequestBytes(), topics.maxMessageBytes(table.topic())) - RECORD_MARGIN;
        DeadLetters deadLetters = new DeadLetters(shape);
        RecordFactory records = new RecordFactory(
                consumer.getEndpoint().getCamelContext(),
                new EventCodec(consumer.getEndpoint().getComponent().registry()),
                new KeyPartitioner(topic.partitions()),
                deadLetters,
                largest);
        putOnRecord(records, topic);
        CheckpointState committed = readBack();
        if (stop.given()) {
            return;
        }
        generations = new GenerationFollower(
                consumer.getEndpoint().getComponent().session().generations(),
                table,
                committed.newestGeneration(),
                (generation, until) -> checkpoints
                        .read(table)
                        .allTasksPast(generation, options.share().tasks(), until),
                GENERATIONS);
        publisher = new Publisher(
                options, session, new TableReader(session, shape, deadLetters), records, sender, status, stop);
        LOG.info(
                "table={} task={}/{} checkpoints read back, {}",
                table,
                options.share().task(),
                options.share().tasks(),
                committed.isEmpty() ? "none yet: beginning with the oldest change in the log" : "going on from there");
        begunWith = committed;
    }

    private CqlSession connect() {
        try {
            return consumer.getEndpoint().getComponent().session().get();
        } catch (AllNodesFailedException e) {
            throw new SourceException(
                    SourceException.Kind.RETRY,
                    "ScyllaDB at " + config.scylla().address() + " can't be reached (scylla.contact-points)",
                    e);
        }
    }

    /** Publishes until told to end. */
    void publish() throws InterruptedException {
        Generation reading = null;
        while (!stop.given()) {
            Generation current = generations.current().orElse(null);
            if (current == null) {
                stop.within(options.pollInterval());
            } else {
                if (reading == null || current.start() != reading.start()) {
                    publisher.take(current, reading == null ? begunWith : checkpoints.read(table));
                    reading = current;
                }
                checkEachMinute();
                publisher.nextWindow();
            }
        }
    }

    private void checkEachMinute() {
        if (System.nanoTime() - nextCheckNanos >= 0) {
            publisher.compareClocks();
            requireTopic(checkpoints.read(table));
            nextCheckNanos = System.nanoTime() + CHECKS.toNanos();
        }
    }

    /** Kafka keeps a topic's partition count no secret, but nobody else remembers what it was. */
    private CheckpointValue.Topic requireTopic(CheckpointState before) {
        CheckpointValue.Topic now = topics.describe(table.topic()).orElse(null);
        CheckpointValue.Topic known = before.topic().orElse(null);
        if (known == null) {
            topics.ensureTable(table.topic());
            return topics.describe(table.topic())
                    .orElseThrow(() -> new SourceException(
                            SourceException.Kind.RETRY,
                            "topic " + table.topic() + " was created but is not there yet"));
        }
        if (now == null || !now.topicId().equals(known.topicId())) {
            LossCheck.lost(
                    options,
                    "topic " + table.topic() + (now == null ? " is gone" : " was deleted and made again")
                            + " since its checkpoints were written: what the sink had not applied is lost");
            topics.ensureTable(table.topic());
            return topics.describe(table.topic()).orElseThrow();
        }
        if (now.partitions() != known.partitions()) {
            LossCheck.lost(
                    options,
                    "topic " + table.topic() + " had " + known.partitions() + " partitions and now has "
                            + now.partitions() + ": changes of one key would be in two partitions, without order");
        }
        return now;
    }

    /** Tasks beyond today's number may still run somewhere, on groups that are ours now. */
    private void fenceLeftOvers(CheckpointState before) {
        List<String> leftOver = before.tasks().tailMap(options.share().tasks()).keySet().stream()
                .map(options::transactionalId)
                .toList();
        if (!leftOver.isEmpty()) {
            LOG.info("table={} fencing the producers of tasks that are no more: {}", table, leftOver);
            topics.fence(leftOver);
        }
    }

    private void putOnRecord(RecordFactory records, CheckpointValue.Topic topic) {
        List<CheckpointRecord> start = List.of(
                new CheckpointRecord(
                        new CheckpointKey.Task(table.toString(), options.share().task()),
                        new CheckpointValue.Task(
                                options.share().tasks(), startId, Instant.now().toString())),
                new CheckpointRecord(new CheckpointKey.Topic(table.toString()), topic));
        sender.send(new ArrayList<>(start.stream().map(records::checkpoint).toList()));
    }

    /** Reads back, again and again until the whole task set is on record: then no task of another set can commit any more. */
    private CheckpointState readBack() throws InterruptedException {
        CheckpointState state = checkpoints.read(table);
        int tasks = options.share().tasks();
        while (!state.taskSetComplete(tasks) && !stop.given()) {
            status.is(
                    SourceStatus.State.STARTING,
                    "waiting for all " + tasks + " tasks of the table to be started with tasks=" + tasks);
            stop.within(OTHER_TASKS);
            state = checkpoints.read(table);
        }
        return state;
    }

    /** Whether a later start of this very task is on record. Asked when fenced; asks until it has an answer. */
    boolean takenOver() throws InterruptedException {
        while (!stop.given()) {
            try {
                CheckpointValue.Task last =
                        checkpoints.read(table).tasks().get(options.share().task());
                return last != null && !last.session().equals(startId);
            } catch (RuntimeException e) { // starting again without knowing would fence the other one in turn
                status.is(
                        SourceStatus.State.RETRYING, "fenced; asking who runs the task: " + SourceException.oneLine(e));
                stop.within(Duration.ofSeconds(1));
            }
        }
        return true;
    }

    @Override
    public void close() {
        if (generations != null) {
            generations.close();
        }
        topics.close();
    }
}
