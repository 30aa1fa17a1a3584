package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.config.Snapshot;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.checkpoint.CheckpointKey;
import io.github.scyllapgcdc.source.checkpoint.CheckpointRecord;
import io.github.scyllapgcdc.source.checkpoint.CheckpointState;
import io.github.scyllapgcdc.source.checkpoint.CheckpointValue;
import io.github.scyllapgcdc.source.checkpoint.TaskProgress;
import io.github.scyllapgcdc.source.generation.Generation;
import io.github.scyllapgcdc.source.generation.GenerationFollower;
import io.github.scyllapgcdc.source.generation.GenerationTimes;
import io.github.scyllapgcdc.source.kafka.CheckpointReader;
import io.github.scyllapgcdc.source.kafka.KeyPartitioner;
import io.github.scyllapgcdc.source.kafka.SourceTopics;
import io.github.scyllapgcdc.source.load.LoadPlan;
import io.github.scyllapgcdc.source.load.Ring;
import io.github.scyllapgcdc.source.log.ClockCheck;
import io.github.scyllapgcdc.source.log.ConfidenceWindow;
import io.github.scyllapgcdc.source.log.FinalTime;
import io.github.scyllapgcdc.source.log.ReaddedColumns;
import io.github.scyllapgcdc.source.log.ReaddedColumns.Readded;
import io.github.scyllapgcdc.source.log.TableShape;
import io.github.scyllapgcdc.source.log.TableShapes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one start of a task holds, and the order in which it comes about. The route's producer is up already, so this task's
 * old transaction is settled. Then this start is put on record through that producer, producers of tasks that no longer exist
 * are fenced, and the checkpoints are read back once every task of the table is on record.
 */
final class SourceRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceRun.class);
    /** More than any transaction timeout that a broker allows by default would be too long to wait; ours is 15 s. */
    private static final Duration OPEN_TRANSACTIONS = Duration.ofSeconds(60);

    private static final Duration OTHER_TASKS = Duration.ofMillis(500);
    private static final Duration TAKEN_OVER = Duration.ofSeconds(8);
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
    private final SourceTrace trace;
    private final BatchSender sender;
    private final SourceTopics topics;
    private final TableTopic tableTopic;
    private final CheckpointReader checkpoints;
    private CheckpointValue.Topic topic;
    private CheckpointState begunWith;
    private GenerationFollower generations;
    private FinalTime finalTime;
    private CqlSession session;
    private RecordFactory records;
    private TableReader reader;
    private Publisher publisher;
    private Refresher refresher;
    private CheckpointValue.Load load;
    private Loader loader;
    private long nextCheckNanos = System.nanoTime();

    SourceRun(ScyllaCdcConsumer consumer, CdcConfig config, SourceStatus status, StopSignal stop) {
        this.consumer = consumer;
        this.options = consumer.options();
        this.table = options.table();
        this.config = config;
        this.status = status;
        this.stop = stop;
        this.trace = new SourceTrace(consumer.getEndpoint().getComponent().traces(), table.toString());
        this.sender = new BatchSender(consumer, trace);
        Properties client = config.kafka().adminProperties();
        this.topics = new SourceTopics(client, config.topic());
        this.tableTopic = new TableTopic(options, topics, sender, context());
        this.checkpoints = new CheckpointReader(client, SourceTopics.CHECKPOINTS, OPEN_TRANSACTIONS);
    }

    /** Makes ready to publish; afterwards {@link #publish()}. Returns early when the task is to end. */
    void start() throws InterruptedException {
        RouteKafkaNode node = RouteKafkaNode.of(consumer.getRoute(), options);
        topics.ensureShared();
        putOnRecord(); // before all that takes time: whoever ran the task is fenced now, and will look who did it
        session = connect();
        InstantSource clock = consumer.getEndpoint().getComponent().clock();
        finalTime = new FinalTime(
                clock,
                new ConfidenceWindow(options.confidenceWindow(), options.maxClockSkew()),
                () -> ClockCheck.offsetMillis(session, clock));
        TableShape shape = TableShapes.of(session, table);
        CheckpointState before = checkpoints.read(table);
        fenceLeftOvers(before);
        topic = tableTopic.require(before, finalTime);
        CheckpointState committed = readBack();
        if (stop.given()) {
            return;
        }
        DeadLetters deadLetters = new DeadLetters(shape);
        records = records(
                deadLetters, Math.min(node.maxRequestBytes(), topics.maxMessageBytes(table.topic())) - RECORD_MARGIN);
        reader = new TableReader(session, shape, deadLetters, sender.meters());
        publisher = new Publisher(
                options,
                session,
                reader,
                finalTime,
                records,
                sender,
                status,
                stop,
                () -> refresher.servedUntil(),
                generation -> generations.endOf(generation));
        refresher = new Refresher(options, session, reader, codec(), records, sender, status, config, committed);
        load = plan(committed).load(options.snapshot()).orElse(null);
        if (load != null) {
            begin(load); // also one that is on record: another task may have put it there, and told nobody
        }
        OptionalLong generation = committed.newestGeneration();
        if (generation.isEmpty() && load != null) { // what older generations tell is in the rows
            generation = GenerationTimes.at(session, table, load.since());
        }
        generations = new GenerationFollower(
                consumer.getEndpoint().getComponent().session().generations(),
                table,
                generation,
                (closed, until) -> checkpoints
                        .read(table)
                        .allTasksPast(closed, options.share().tasks(), until),
                GENERATIONS);
        begunWith = committed;
        LOG.info(
                "table={} task={}/{} checkpoints read back, {}",
                table,
                options.share().task(),
                options.share().tasks(),
                committed.isEmpty() ? "none yet" : "going on from there");
    }

    private RecordFactory records(DeadLetters deadLetters, int largest) {
        KeyPartitioner partitioner = new KeyPartitioner(topic.partitions());
        return trace.on()
                ? new TracedRecords(context(), codec(), partitioner, deadLetters, largest, trace)
                : new RecordFactory(context(), codec(), partitioner, deadLetters, largest);
    }

    private EventCodec codec() {
        return new EventCodec(consumer.getEndpoint().getComponent().registry());
    }

    private LoadPlan plan(CheckpointState committed) {
        return new LoadPlan(
                committed, options.share(), reader.shape().ttl(), System.currentTimeMillis(), finalTime.until());
    }

    /** Puts a load on record before the first of its rows is published. */
    private void begin(CheckpointValue.Load begun) {
        sender.send(new ArrayList<>(List.of(
                RecordFactory.checkpoint(context(), Loader.onRecord(options, begun)),
                RecordFactory.progress(context(), Loader.told(options, begun)),
                // whoever asked for it is served by it, once
                RecordFactory.checkpoint(context(), refresher.served()))));
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
            long began = System.nanoTime();
            Generation current = generations.current().orElse(null);
            try {
                if (current != null && (reading == null || current.start() != reading.start())) {
                    take(current, reading == null ? begunWith : checkpoints.read(table));
                    reading = current;
                }
                if (current != null) {
                    checkEachMinute();
                    step();
                }
            } catch (ReloadException e) {
                reload(e);
                begunWith = checkpoints.read(table);
                reading = null;
            }
            if (loader == null) {
                stop.within(options.pollInterval().minusNanos(System.nanoTime() - began));
            }
        }
    }

    private void take(Generation generation, CheckpointState committed) {
        TaskProgress progress = publisher.take(generation, committed, load);
        Ring ring = Ring.of(session, generation, options.consistency());
        refresher.use(ring, generation.start());
        if (load != null) {
            loader = new Loader(
                    options, session, reader, ring, records, sender, status, stop, progress, load, finalTime::until);
        }
    }

    /** Takes turns, so that neither a long load nor many requests keep the log waiting until its TTL has passed. */
    private void step() throws InterruptedException {
        if (loader != null) {
            loader.step();
            if (loader.done()) {
                loader = null;
                load = null;
            }
        }
        refresher.step();
        Optional<String> asked = refresher.reloadAsked();
        if (asked.isPresent()) {
            throw new ReloadException(asked.get());
        }
        if (!stop.given()) {
            publisher.nextWindow();
        }
    }

    private void reload(ReloadException lost) {
        LOG.warn("table={} {}; loading the table again", table, lost.getMessage());
        loader = null;
        load = plan(checkpoints.read(table)).reload();
        begin(load);
    }

    private void checkEachMinute() {
        if (System.nanoTime() - nextCheckNanos >= 0) {
            publisher.check();
            if (!tableTopic.isStill(topic)) {
                tableTopic.require(checkpoints.read(table), finalTime);
                throw new SourceException(
                        SourceException.Kind.RETRY,
                        "topic " + table.topic() + " changed; going on with it as it is now");
            }
            if (loader == null && options.snapshot() == Snapshot.INITIAL) {
                checkReadded();
            }
            nextCheckNanos = System.nanoTime() + CHECKS.toNanos();
        }
    }

    /** What a column had before it was dropped is gone from every row, and only a load of the rows says so. */
    private void checkReadded() {
        Optional<Readded> readded =
                ReaddedColumns.newest(session, reader.shape().schema());
        Optional<CheckpointValue.Load> last =
                readded.isEmpty() ? Optional.empty() : checkpoints.read(table).load(options.share());
        if (last.isPresent() && last.get().begun() < readded.get().droppedMillis()) {
            throw new ReloadException("column \"" + readded.get().column() + "\" was dropped at "
                    + Instant.ofEpochMilli(readded.get().droppedMillis())
                    + " and added again, so no row has its old values any more");
        }
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

    /** Commits this start through the task's own producer. */
    private void putOnRecord() {
        putOnRecord(new CheckpointRecord(
                new CheckpointKey.Task(table.toString(), options.share().task()),
                new CheckpointValue.Task(
                        options.share().tasks(), startId, Instant.now().toString())));
    }

    private void putOnRecord(CheckpointRecord entry) {
        sender.send(new ArrayList<>(List.of(RecordFactory.checkpoint(context(), entry))));
    }

    private CamelContext context() {
        return consumer.getEndpoint().getCamelContext();
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

    /**
     * Whether a later start of this very task is on record. Asked when fenced. A process that has taken over commits its start
     * first of all, so if none shows for a while, it was the broker that gave up on a transaction that took too long.
     */
    boolean takenOver() throws InterruptedException {
        long giveUp = System.nanoTime() + TAKEN_OVER.toNanos();
        boolean known = false;
        while (!stop.given() && (!known || System.nanoTime() < giveUp)) {
            try {
                CheckpointValue.Task last =
                        checkpoints.read(table).tasks().get(options.share().task());
                if (last != null && !last.session().equals(startId)) {
                    return true;
                }
                known = last != null;
            } catch (RuntimeException e) { // starting again without knowing would fence the other one in turn
                status.is(
                        SourceStatus.State.RETRYING, "fenced; asking who runs the task: " + SourceException.oneLine(e));
                giveUp = System.nanoTime() + TAKEN_OVER.toNanos();
            }
            stop.within(OTHER_TASKS);
        }
        return false;
    }

    @Override
    public void close() {
        if (generations != null) {
            generations.close();
        }
        if (refresher != null) {
            refresher.close();
        }
        topics.close();
    }
}
