package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.CqlSession;
import io.github.scyllapgcdc.metrics.SourceMeters;
import io.github.scyllapgcdc.progress.ProgressRecord;
import io.github.scyllapgcdc.source.checkpoint.CheckpointRecord;
import io.github.scyllapgcdc.source.checkpoint.CheckpointState;
import io.github.scyllapgcdc.source.checkpoint.CheckpointValue;
import io.github.scyllapgcdc.source.checkpoint.TaskProgress;
import io.github.scyllapgcdc.source.generation.Generation;
import io.github.scyllapgcdc.source.generation.GenerationFollower;
import io.github.scyllapgcdc.source.log.ConfidenceWindow;
import io.github.scyllapgcdc.source.log.FinalTime;
import io.github.scyllapgcdc.source.log.ListReadBack;
import io.github.scyllapgcdc.source.log.LogChange;
import io.github.scyllapgcdc.source.log.LogDecoder;
import io.github.scyllapgcdc.source.log.LogPage;
import io.github.scyllapgcdc.source.log.LogQuery;
import io.github.scyllapgcdc.source.log.LogTime;
import io.github.scyllapgcdc.source.log.Mutation;
import io.github.scyllapgcdc.source.log.Mutations;
import io.github.scyllapgcdc.source.log.ReadUnit;
import io.github.scyllapgcdc.source.log.WindowReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Reads the log window by window and publishes it batch by batch. A window reaches from where the last one ended to now minus
 * the confidence window, so it is as long as the backlog. A batch is cut only behind the last row of a mutation, and carries
 * the checkpoints of exactly the changes in it and before it. Belongs to the task's thread.
 */
final class Publisher {
    /** A window up to this long has few changes: the streams of a group then share a query. */
    private static final long SHORT_WINDOW_MS = 5_000;

    private static final int BACKLOG_LINGER = 10;
    private static final Duration WATERMARKS = Duration.ofSeconds(1);
    /** While rows are loaded, each group is on record by itself, idle ones no oftener than this. */
    private static final Duration GROUPS = Duration.ofMinutes(1);

    private final SourceOptions options;
    private final TableReader reader;
    private final RecordFactory records;
    private final BatchSender sender;
    private final SourceMeters meters;
    private final LossCheck losses;
    private final SourceStatus status;
    private final StopSignal stop;
    private final LogQuery query;
    private final FinalTime finalTime;
    private final LateRows lateRows;
    private final Batch batch;
    private final Mutations mutations = new Mutations();
    private final ListReadBack lists;
    private final LongSupplier refreshed;
    private final LongUnaryOperator endOfGeneration;
    private TaskProgress progress;
    private long lastWatermarkNanos = System.nanoTime() - WATERMARKS.toNanos();
    private long lastGroupsNanos = System.nanoTime();

    /**
     * A publisher.
     *
     * @param refreshed up to which offset requests for refreshes are served, and their answers sent
     * @param endOfGeneration where a generation ends, see {@link GenerationFollower#endOf}
     */
    Publisher(
            SourceOptions options,
            CqlSession session,
            TableReader reader,
            FinalTime finalTime,
            RecordFactory records,
            BatchSender sender,
            SourceStatus status,
            StopSignal stop,
            LongSupplier refreshed,
            LongUnaryOperator endOfGeneration) {
        this.options = options;
        this.reader = reader;
        this.records = records;
        this.sender = sender;
        this.meters = sender.meters();
        this.losses = new LossCheck(options, meters);
        this.status = status;
        this.stop = stop;
        this.refreshed = refreshed;
        this.endOfGeneration = endOfGeneration;
        this.query = new LogQuery(session, options.table(), options.consistency(), options.pageSize());
        this.lists = new ListReadBack(session, options.table(), options.consistency());
        this.lateRows = new LateRows(options, query, status);
        this.finalTime = finalTime;
        this.batch = new Batch(options.batchSize(), options.batchBytes());
    }

    /** Compares the clocks, on which the confidence window rests, and takes the log's TTL as it is now. */
    void check() {
        reader.refreshOptions();
        finalTime.compareClocks();
        tellClocks();
    }

    private void tellClocks() {
        ConfidenceWindow confidence = finalTime.window();
        status.clock(confidence.offsetMillis(), confidence.current().toMillis(), confidence.clocksDiffer());
    }

    /**
     * Goes on with a generation, from where the committed checkpoints say.
     *
     * @param load the load under way, or null
     * @return how far it is, which a loader moves on
     */
    TaskProgress take(Generation generation, CheckpointState committed, CheckpointValue.Load load) {
        long now = System.currentTimeMillis();
        long begin = generation.start();
        if (!committed.hasGenerationBefore(begin)) { // what the TTL took before the first look is no loss
            begin = Math.max(
                    begin, reader.shape().ttl().map(ttl -> now - ttl.toMillis()).orElse(begin));
        }
        if (generation.skipped().isPresent() && (load == null || !load.reload())) {
            losses.lost("the generation of "
                    + Instant.ofEpochMilli(generation.skipped().getAsLong()) + " of the CDC log of "
                    + options.table() + " was not read to its end before the log's TTL passed");
        }
        progress = new TaskProgress(
                options.table(), generation.start(), options.share(), generation.groups(), committed, begin, load);
        status.is(SourceStatus.State.RUNNING, "");
        return progress;
    }

    /** Reads and publishes one window. */
    void nextWindow() throws InterruptedException {
        long now = System.currentTimeMillis();
        long until = finalTime.until();
        tellClocks();
        long from = progress.readUntil();
        if (from < until) {
            losses.timeToLive(progress.onRecordUntil(), reader.shape().ttl(), now);
            readWindow(until, until - from <= SHORT_WINDOW_MS);
        }
    }

    private void readWindow(long until, boolean together) throws InterruptedException {
        List<ReadUnit> units = progress.units(until, together);
        lateRows.windowBegins(units);
        WindowReader window = new WindowReader(query, units, LogTime.from(until), options.readParallelism());
        // Behind a backlog full batches count for more than milliseconds
        Duration linger =
                together ? options.batchLinger() : options.batchLinger().multipliedBy(BACKLOG_LINGER);
        long waited = 0;
        while (!window.done()) {
            long began = System.nanoTime();
            LogPage page = window.next(linger);
            waited += System.nanoTime() - began;
            if (stop.given()) {
                return; // what is not committed is read again at the next start
            }
            if (page != null) {
                publish(page, until, waited);
                waited = 0;
            } else if (!batch.isEmpty()) {
                sendInsideWindow(until);
            }
        }
        finishWindow(until);
        lateRows.windowDone(until);
    }

    private void publish(LogPage page, long until, long readNanos) throws InterruptedException {
        long began = System.nanoTime();
        long sending = 0;
        LogDecoder decoder = reader.decoder(page.columns());
        lateRows.page(page.unit(), page.size());
        List<Mutation> whole = mutations.of(page, decoder, System.currentTimeMillis());
        lists.complete(whole, decoder.layout());
        for (Mutation mutation : whole) {
            mutation.changes().forEach(change -> batch.add(record(change)));
            progress.advance(mutation.stream(), mutation.position());
            if (batch.full()) {
                long full = System.nanoTime();
                sendInsideWindow(until);
                sending += System.nanoTime() - full;
            }
        }
        meters.read(readNanos, System.nanoTime() - began - sending);
    }

    private Outgoing record(LogChange change) {
        return change instanceof LogChange.Change event
                ? records.change(event)
                : records.undecodable((LogChange.Undecodable) change);
    }

    private void sendInsideWindow(long until) {
        progress.insideWindow(until).forEach(record -> batch.addCheckpoint(records.checkpoint(record)));
        send();
    }

    private void finishWindow(long until) {
        progress.windowDone(until);
        if (progress.loading()) {
            finishWindowOfLoaded(until);
            return;
        }
        boolean due = System.nanoTime() - lastWatermarkNanos >= WATERMARKS.toNanos();
        // Of a generation that is over newer changes are in the next one's streams, which are not read yet
        long publishedUntil = Math.min(until, endOfGeneration.applyAsLong(progress.generation()));
        if (!batch.isEmpty() || due) {
            batch.addCheckpoint(records.checkpoint(progress.watermark(until)));
            batch.addCheckpoint(records.progress(new ProgressRecord.Watermark(
                    options.table().topic(),
                    options.share().task(),
                    options.share().tasks(),
                    publishedUntil,
                    refreshed.getAsLong())));
            send();
            lastWatermarkNanos = System.nanoTime();
        }
        status.publishedUntil(publishedUntil);
    }

    /** A watermark would cover the groups that are not loaded yet. */
    private void finishWindowOfLoaded(long until) {
        boolean due = System.nanoTime() - lastGroupsNanos >= GROUPS.toNanos();
        List<CheckpointRecord> groups = due ? progress.groupsUntil(until) : progress.insideWindow(until);
        groups.forEach(group -> batch.addCheckpoint(records.checkpoint(group)));
        if (!batch.isEmpty()) {
            send();
        }
        if (due) {
            lastGroupsNanos = System.nanoTime();
        }
    }

    private void send() {
        sender.publish(batch);
    }
}
