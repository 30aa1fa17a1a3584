package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import io.github.scyllapgcdc.progress.ProgressRecord;
import io.github.scyllapgcdc.source.checkpoint.CheckpointKey;
import io.github.scyllapgcdc.source.checkpoint.CheckpointRecord;
import io.github.scyllapgcdc.source.checkpoint.CheckpointValue.Load;
import io.github.scyllapgcdc.source.checkpoint.TaskProgress;
import io.github.scyllapgcdc.source.checkpoint.TaskShare;
import io.github.scyllapgcdc.source.load.LoadPages;
import io.github.scyllapgcdc.source.load.LoadPlan;
import io.github.scyllapgcdc.source.load.LoadProgress;
import io.github.scyllapgcdc.source.load.Ring;
import io.github.scyllapgcdc.source.load.RowEvents;
import io.github.scyllapgcdc.source.load.RowQuery;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the rows that a task's groups had before: group by group, a slice of time after the other, so that in between the
 * log of the groups that are done is read. The last rows of a group share a transaction with its first checkpoint, at the time
 * from which on the log follows them. Belongs to the task's thread.
 */
final class Loader {
    private static final Logger LOG = LoggerFactory.getLogger(Loader.class);
    private static final Duration SLICE = Duration.ofMillis(500);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final SourceOptions options;
    private final TableReader reader;
    private final Ring ring;
    private final RecordFactory records;
    private final BatchSender sender;
    private final SourceStatus status;
    private final StopSignal stop;
    private final TaskProgress progress;
    private final LongSupplier finalUntil;
    private final Batch batch;
    private final RowRecords target;
    private LoadPages pages;
    private final Map<Integer, Long> sinceOfGroup = new LinkedHashMap<>();
    private final List<Integer> finished = new ArrayList<>();
    private final double share;
    private final double shareBefore;
    private final long beganNanos = System.nanoTime();
    private long nextLineNanos = System.nanoTime() + BETWEEN_LINES.toNanos();
    private Load load;
    private RowEvents events;
    private double rangesDone;
    private long rows;
    private long numbered;
    private boolean sinceIsNew;
    private boolean over;

    /**
     * Takes up a load that is on record.
     *
     * @param progress knows which groups are still to be loaded
     * @param finalUntil now minus the confidence window
     */
    Loader(
            SourceOptions options,
            CqlSession session,
            TableReader reader,
            Ring ring,
            RecordFactory records,
            BatchSender sender,
            SourceStatus status,
            StopSignal stop,
            TaskProgress progress,
            Load load,
            LongSupplier finalUntil) {
        this.options = options;
        this.reader = reader;
        this.ring = ring;
        this.records = records;
        this.sender = sender;
        this.status = status;
        this.stop = stop;
        this.progress = progress;
        this.load = load;
        this.finalUntil = finalUntil;
        this.batch = new Batch(options.batchSize(), options.batchBytes());
        this.target = new RowRecords(records, batch);
        List<Integer> groups = progress.toLoad();
        this.share = ring.share(progress.groups());
        this.shareBefore = share - ring.share(groups);
        this.rangesDone = shareBefore;
        this.pages = new LoadPages(
                ring,
                groups,
                () -> new RowQuery(session, reader.shape(), options.consistency(), options.pageSize()),
                this::begin);
        LOG.info(
                "table={} task={}/{} load={} {} existing rows of {} stream groups, the log follows from {} on",
                options.table(),
                options.share().task(),
                options.share().tasks(),
                load.id(),
                load.reload() ? "loading again the" : "loading the",
                groups.size(),
                Instant.ofEpochMilli(load.since()));
    }

    /** The checkpoint of a load. */
    static CheckpointRecord onRecord(SourceOptions options, Load load) {
        TaskShare share = options.share();
        return new CheckpointRecord(
                new CheckpointKey.Load(options.table().toString(), share.tasks(), share.task()), load);
    }

    /** What readers of the topic are told of a load. */
    static ProgressRecord told(SourceOptions options, Load load) {
        return new ProgressRecord.Load(
                options.table().topic(),
                options.share().task(),
                options.share().tasks(),
                load.id(),
                load.reload(),
                load.done() ? ProgressRecord.Load.State.DONE : ProgressRecord.Load.State.BEGUN);
    }

    /** Whether all is loaded. */
    boolean done() {
        return over;
    }

    /** Loads for a while. */
    void step() throws InterruptedException {
        long end = System.nanoTime() + SLICE.toNanos();
        for (long left = SLICE.toNanos(); left > 0 && !pages.done() && !stop.given(); left = end - System.nanoTime()) {
            LoadPages.Page page = pages.next(Duration.ofNanos(left));
            if (page != null) {
                publish(page);
            }
        }
        if (stop.given()) {
            return;
        }
        if (pages.done()) {
            finish();
        } else if (!finished.isEmpty()) {
            send(); // their log can be read from now on
        }
        tell();
    }

    /**
     * A group is about to be read: from where on will the log follow it? Of the first group rows may have been published
     * before a restart, so that one keeps what is on record.
     */
    private long begin(int group) {
        boolean first = pages == null;
        if (!first && LoadPlan.old(load.since(), reader.shape().ttl(), System.currentTimeMillis())) {
            load = load.from(finalUntil.getAsLong());
            sinceIsNew = true;
        }
        sinceOfGroup.put(group, load.since());
        return load.since();
    }

    private void publish(LoadPages.Page page) {
        if (LoadPlan.tooOld(page.since(), reader.shape().ttl(), System.currentTimeMillis())) {
            throw new ReloadException("stream group " + page.group() + " of " + options.table()
                    + " was not loaded before three quarters of the log's TTL had passed; a longer TTL (cdc option 'ttl') "
                    + "helps");
        }
        if (events == null) {
            String prefix = load.id() + ':' + page.group() + ':' + System.currentTimeMillis() + ':';
            events = new RowEvents(page.layout(), () -> prefix + numbered++, target, load.reload());
        }
        Row last = null;
        for (Row row : page.rows()) {
            events.row(row, page.readMillis());
            if (batch.full()) {
                send();
            }
            last = row;
        }
        rows += page.size();
        double inRange =
                last == null || page.lastOfRange() ? 0 : page.range().widthUpTo(ring.token(partition(page, last)));
        if (page.lastOfRange()) {
            rangesDone += page.range().width();
        }
        if (page.lastOfGroup()) {
            events = null;
            finished.add(page.group());
            batch.addCheckpoint(records.checkpoint(progress.loadedRecord(page.group(), page.since())));
            if (sinceIsNew) { // of the next group, whose query is under way; before its first row, behind this one's
                // last
                batch.addCheckpoint(records.checkpoint(onRecord(options, load)));
                sinceIsNew = false;
            }
        }
        status.loading(new LoadProgress(
                load.reload(),
                rows,
                Duration.ofNanos(System.nanoTime() - beganNanos),
                part(shareBefore),
                part(rangesDone + inRange)));
    }

    private double part(double ofRing) {
        return share <= 0 ? 1 : Math.min(1, ofRing / share);
    }

    private static List<ByteBuffer> partition(LoadPages.Page page, Row row) {
        List<ByteBuffer> key = new ArrayList<>();
        for (int i = 0; i < page.layout().schema().partitionKeySize(); i++) {
            key.add(row.getBytesUnsafe(i));
        }
        return key;
    }

    private void finish() {
        load = load.finished();
        batch.addCheckpoint(records.checkpoint(onRecord(options, load)));
        batch.addCheckpoint(records.progress(told(options, load)));
        send();
        over = true;
        status.loading(null);
        LOG.info(
                "table={} task={}/{} load={} done: {} rows in {} s",
                options.table(),
                options.share().task(),
                options.share().tasks(),
                load.id(),
                rows,
                Duration.ofNanos(System.nanoTime() - beganNanos).toSeconds());
    }

    private void send() {
        sender.publish(batch);
        finished.forEach(group -> progress.loaded(group, sinceOfGroup.remove(group)));
        finished.clear();
    }

    private void tell() {
        if (!over && System.nanoTime() - nextLineNanos >= 0) {
            LOG.info(
                    "table={} task={}/{} {}",
                    options.table(),
                    options.share().task(),
                    options.share().tasks(),
                    status.detail());
            nextLineNanos = System.nanoTime() + BETWEEN_LINES.toNanos();
        }
    }
}
