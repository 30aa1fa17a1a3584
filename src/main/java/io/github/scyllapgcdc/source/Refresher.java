package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventFormatException;
import io.github.scyllapgcdc.registry.RegistryException;
import io.github.scyllapgcdc.source.checkpoint.CheckpointKey;
import io.github.scyllapgcdc.source.checkpoint.CheckpointRecord;
import io.github.scyllapgcdc.source.checkpoint.CheckpointState;
import io.github.scyllapgcdc.source.checkpoint.CheckpointValue;
import io.github.scyllapgcdc.source.kafka.RefreshReader;
import io.github.scyllapgcdc.source.load.Ring;
import io.github.scyllapgcdc.source.load.RowEvents;
import io.github.scyllapgcdc.source.load.RowKeys;
import io.github.scyllapgcdc.source.load.RowQuery;
import io.github.scyllapgcdc.source.log.LogReadException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Reads rows again and publishes them as they are now, because somebody asked for it. A row is read between two windows of the
 * log, so every change that the read may have missed follows it, and changes that it has seen are applied once more, in order:
 * what a reader holds in the end is the row as it is. Belongs to the task's thread.
 */
final class Refresher implements AutoCloseable {
    /** Positions are kept with what was published; where nothing was, no oftener than this. */
    private static final Duration POSITIONS = Duration.ofSeconds(10);
    /** The clocks of who asks and of ScyllaDB differ by less. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private final SourceOptions options;
    private final CqlSession session;
    private final TableReader reader;
    private final EventCodec codec;
    private final RecordFactory records;
    private final BatchSender sender;
    private final SourceStatus status;
    private final RefreshReader requests;
    private final Batch batch;
    private final RowRecords target;
    private Ring ring;
    private RowQuery query;
    private long generation = Long.MIN_VALUE;
    private String reloadReason;
    /** Wishes for the whole table before this offset are served, also when they are looked at again. */
    private long reloadsFrom;

    private long kept;
    private long nextKeptNanos = System.nanoTime();

    /** A key under way. */
    private record Reading(long offset, List<ByteBuffer> key, CompletionStage<AsyncResultSet> first) {}

    Refresher(
            SourceOptions options,
            CqlSession session,
            TableReader reader,
            EventCodec codec,
            RecordFactory records,
            BatchSender sender,
            SourceStatus status,
            CdcConfig config,
            CheckpointState committed) {
        this.options = options;
        this.session = session;
        this.reader = reader;
        this.codec = codec;
        this.records = records;
        this.sender = sender;
        this.status = status;
        this.batch = new Batch(options.batchSize(), options.batchBytes());
        this.target = new RowRecords(records, batch);
        this.requests = new RefreshReader(config.kafka().adminProperties(), committed.refreshedUntil(options.share()));
        this.reloadsFrom = requests.position();
        keep(); // requests that come from now on count, whatever happens to this process
    }

    /**
     * Takes a generation's division of the ring, which says which keys are this task's. Tasks do not move on at the same moment:
     * a request that came in between may have been taken by each of two for the other's, so those are looked at again.
     *
     * @param newGeneration the generation's start, milliseconds since 1970
     */
    void use(Ring newRing, long newGeneration) {
        if (ring != null && newGeneration != generation && options.share().tasks() > 1) {
            requests.backTo(newGeneration - CLOCKS.toMillis());
        }
        ring = newRing;
        generation = newGeneration;
    }

    /** Serves the requests that have arrived, some hundred at most. */
    void step() {
        Map<List<ByteBuffer>, Long> keys = mine(requests.poll());
        if (!keys.isEmpty()) {
            serve(keys);
        }
        if (reloadReason != null) {
            if (!batch.isEmpty()) {
                send(); // without the position, which is kept with the load: until then the wish for it is not served
            }
            return;
        }
        boolean due = requests.position() != kept && System.nanoTime() - nextKeptNanos >= 0;
        if (!batch.isEmpty() || due) {
            keep();
        }
    }

    /** Why the whole table is to be loaded again, if somebody asked for that since the last call. */
    Optional<String> reloadAsked() {
        Optional<String> asked = Optional.ofNullable(reloadReason);
        reloadReason = null;
        return asked;
    }

    /** Keys of this task's share, each once, with the last request for it. */
    private Map<List<ByteBuffer>, Long> mine(List<RefreshReader.Numbered> arrived) {
        Map<List<ByteBuffer>, Long> keys = new LinkedHashMap<>();
        for (RefreshReader.Numbered numbered : arrived) {
            if (!numbered.request().topic().equals(options.table().topic())) {
                continue;
            }
            if (numbered.request().wholeTable()) {
                if (numbered.offset() >= reloadsFrom) {
                    reloadReason = numbered.request().reason();
                    reloadsFrom = numbered.offset() + 1;
                }
                continue;
            }
            List<ByteBuffer> key = key(numbered);
            if (key != null && options.share().owns(ring.groupOf(partition(key)))) {
                keys.put(key, numbered.offset());
            }
        }
        return keys;
    }

    private List<ByteBuffer> key(RefreshReader.Numbered numbered) {
        String reason;
        try {
            return RowKeys.bytes(
                    reader.shape(), codec.decodeKey(numbered.request().key()));
        } catch (RegistryException e) {
            if (e.isRetryable()) {
                throw e;
            }
            reason = e.getMessage();
        } catch (EventFormatException | IllegalArgumentException e) {
            reason = e.getMessage();
        }
        if (options.share().task() == 0) { // whose key it would be nobody knows
            batch.add(records.refused(
                    changeId(numbered.offset()),
                    "the key 0x" + HexFormat.of().formatHex(numbered.request().key()) + " of a request for a refresh ("
                            + numbered.request().reason() + ") can't be read: " + reason));
        }
        return null;
    }

    private void serve(Map<List<ByteBuffer>, Long> keys) {
        if (query == null || !query.layout().schema().equals(reader.shape().schema())) {
            query = new RowQuery(session, reader.shape(), options.consistency(), options.pageSize());
        }
        Deque<Reading> underWay = new ArrayDeque<>();
        for (Map.Entry<List<ByteBuffer>, Long> entry : keys.entrySet()) {
            if (underWay.size() >= options.readParallelism()) {
                publish(underWay.remove());
            }
            underWay.add(new Reading(entry.getValue(), entry.getKey(), query.key(entry.getKey())));
        }
        underWay.forEach(this::publish);
        status.refreshed(keys.size());
    }

    private void publish(Reading reading) {
        int[] number = {0};
        String prefix = changeId(reading.offset()) + ':';
        RowEvents events = new RowEvents(query.layout(), () -> prefix + number[0]++, target, true);
        AsyncResultSet page = join(reading.first());
        boolean wholePartition =
                reading.key().size() < reader.shape().schema().keyColumns().size();
        if (wholePartition) {
            events.absent(reading.key(), System.currentTimeMillis());
        }
        boolean found = false;
        while (true) {
            for (Row row : page.currentPage()) {
                events.row(row, System.currentTimeMillis());
                found = true;
                if (batch.full()) { // a partition may be larger; if it is cut short here, its request is served again
                    send();
                }
            }
            if (!page.hasMorePages()) {
                break;
            }
            page = join(page.fetchNextPage());
        }
        if (!found && !wholePartition) {
            events.absent(reading.key(), System.currentTimeMillis());
        }
    }

    private static AsyncResultSet join(CompletionStage<AsyncResultSet> result) {
        try {
            return result.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new LogReadException(e.getCause());
        }
    }

    private void keep() {
        long position = requests.position();
        batch.addCheckpoint(records.checkpoint(served()));
        send();
        kept = position;
        nextKeptNanos = System.nanoTime() + POSITIONS.toNanos();
    }

    /** Between two steps: up to which offset requests are served, exclusively, their answers sent. */
    long servedUntil() {
        return requests.position();
    }

    /** The record that what has arrived is served. */
    CheckpointRecord served() {
        return new CheckpointRecord(
                new CheckpointKey.Refresh(
                        options.table().toString(),
                        options.share().tasks(),
                        options.share().task()),
                new CheckpointValue.Refresh(requests.position()));
    }

    private void send() {
        sender.publish(batch);
    }

    private List<ByteBuffer> partition(List<ByteBuffer> key) {
        return key.subList(0, reader.shape().schema().partitionKeySize());
    }

    private static String changeId(long offset) {
        return "refresh:" + offset;
    }

    @Override
    public void close() {
        requests.close();
    }
}
