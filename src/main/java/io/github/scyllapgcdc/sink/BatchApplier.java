package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.SinkConfig;
import io.github.scyllapgcdc.deadletter.DeadLetter;
import io.github.scyllapgcdc.deadletter.DeadLetterQueue;
import io.github.scyllapgcdc.deadletter.OriginalRecord;
import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventFormatException;
import io.github.scyllapgcdc.event.EventSchema;
import io.github.scyllapgcdc.fault.ErrorClass;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.metrics.AppliedChanges;
import io.github.scyllapgcdc.refresh.RefreshRequest;
import io.github.scyllapgcdc.registry.RegistryException;
import io.github.scyllapgcdc.registry.SchemaRegistry;
import io.github.scyllapgcdc.sink.fold.Fold;
import io.github.scyllapgcdc.sink.fold.FoldedRow;
import io.github.scyllapgcdc.sink.fold.Segment;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;

/**
 * Applies one batch on a connection whose transaction someone else ends. In this order: lock the fence, cut off what is
 * applied already, decode, change tables if need be, write, put aside what will never be accepted, move the fence.
 */
final class BatchApplier {
    private final Connection connection;
    private final EventCodec codec;
    private final TargetTables tables;
    private final Assignments assignments;
    private final Errors errors;
    private final Batch batch;
    private final SinkConfig config;
    private final SchemaRegistry registry;
    private final boolean applyTtl;
    private final List<DeadLetter> letters = new ArrayList<>();
    private final List<RefreshRequest> refreshes = new ArrayList<>();
    private final Set<TopicPartition> expiring = new HashSet<>();
    /** Subjects that the registry was asked for. */
    private final Set<String> known = new HashSet<>();

    private final Map<String, AppliedChanges> measured = new LinkedHashMap<>();

    BatchApplier(Connection connection, EventCodec codec, Sink sink, Batch batch) {
        this.connection = connection;
        this.codec = codec;
        this.tables = sink.tables();
        this.assignments = sink.assignments();
        this.errors = sink.errors();
        this.config = sink.config();
        this.registry = sink.schemaRegistry();
        this.applyTtl = config.ttl() == SinkConfig.Ttl.APPLY;
        this.batch = batch;
    }

    /**
     * What became of a batch.
     *
     * @param applied records that are in the tables now
     * @param repeated records that were there before
     * @param deadLetters of records that never will be
     * @param deadLettersInARow how many of them came last, those of earlier batches included
     */
    record Result(int applied, int repeated, List<DeadLetter> deadLetters, int deadLettersInARow) {
        int deadLettered() {
            return deadLetters.size();
        }
    }

    private record Change(OriginalRecord record, ChangeEvent event) {}

    Result apply(DeadLetterQueue deadLetters, Refreshes refreshQueue) throws SQLException {
        Map<TopicPartition, Long> next = lockFence();
        List<OriginalRecord> fresh = cut(next);
        write(fresh);
        letters.forEach(letter -> measured(letter.record()).poison());
        int deadLettersInARow = deadLettersInARow(fresh);
        if (!letters.isEmpty()) {
            // before the commit: what the fence has passed must be in the tables or here
            deadLetters.send(letters);
        }
        if (!refreshes.isEmpty()) {
            refreshQueue.send(refreshes); // likewise; a request too many does no harm
        }
        if (!fresh.isEmpty()) {
            Fence.advance(connection, batch.group(), next, expiring);
        }
        return new Result(
                fresh.size() - letters.size(), batch.records().size() - fresh.size(), letters, deadLettersInARow);
    }

    /**
     * Counts on.
     *
     * @throws TableStoppedException if there are so many that it is hardly the records which are wrong; none of this batch's is
     *     a dead letter then
     */
    private int deadLettersInARow(List<OriginalRecord> fresh) {
        int inARow = assignments.deadLettersInARow(batch.group());
        if (letters.isEmpty()) {
            return fresh.isEmpty() ? inARow : 0;
        }
        Set<OriginalRecord> refused = refused();
        int limit = config.maxConsecutiveErrors();
        for (OriginalRecord record : fresh) {
            inARow = refused.contains(record) ? inARow + 1 : 0;
            if (limit >= 0 && inARow > limit) {
                throw new TableStoppedException("more than sink.errors.max-consecutive=" + limit
                        + " records in a row were refused, up to " + record.position() + ", one of them because: "
                        + letters.get(letters.size() - 1).message()
                        + "; if the target table or the schema is wrong, mend that, else raise the limit, and start the"
                        + " route again");
            }
        }
        return inARow;
    }

    /**
     * Applies records once more that the fence has passed, which stays where it is.
     *
     * @return those that still can't be applied; the transaction is to be rolled back if there is one
     */
    List<DeadLetter> applyAgain(Refreshes refreshQueue) throws SQLException {
        Map<TopicPartition, Long> next = lockFence();
        write(batch.records());
        if (letters.isEmpty()) {
            if (!refreshes.isEmpty()) {
                refreshQueue.send(refreshes);
            }
            Fence.advance(connection, batch.group(), next, expiring); // for what expires: the offsets are as they were
        }
        return letters;
    }

    private void write(List<OriginalRecord> records) throws SQLException {
        long began = System.nanoTime();
        Map<String, List<Change>> topics = decode(records);
        long decoded = System.nanoTime() - began;
        for (Map.Entry<String, List<Change>> topic : topics.entrySet()) {
            List<Change> changes = topic.getValue();
            TargetTable table = tables.prepare(connection, topic.getKey(), schemas(changes));
            AppliedChanges measures = measured(topic.getKey());
            measures.folded(decoded);
            decoded = 0; // of all topics together
            refreshes.addAll(write(table, changes));
            measure(changes, measures);
        }
    }

    private AppliedChanges measured(String topic) {
        return measured.computeIfAbsent(topic, name -> new AppliedChanges());
    }

    private AppliedChanges measured(OriginalRecord record) {
        return measured(record.topic());
    }

    private void measure(List<Change> changes, AppliedChanges measures) {
        Set<OriginalRecord> refused = refused();
        for (Change change : changes) {
            OriginalRecord record = change.record();
            if (refused.isEmpty() || !refused.contains(record)) {
                measures.applied(change.event(), (long) record.key().length + record.value().length);
            }
        }
    }

    private Set<OriginalRecord> refused() {
        Set<OriginalRecord> refused = Collections.newSetFromMap(new IdentityHashMap<>());
        letters.forEach(letter -> refused.add(letter.record()));
        return refused;
    }

    /** What is to be counted once the transaction is committed, by topic. */
    Map<String, AppliedChanges> measured() {
        return measured;
    }

    private Map<TopicPartition, Long> lockFence() throws SQLException {
        Set<TopicPartition> partitions = batch.firstOffsets().keySet();
        Map<TopicPartition, Fence.Position> stored = Fence.lock(connection, batch.group(), partitions);
        Map<TopicPartition, Long> next = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Fence.Position position = stored.get(partition);
            if (position == null) {
                throw new ResumeException("partition " + partition + " of group " + batch.group()
                        + " has no row in cdc_metadata.sink_offsets");
            }
            Optional<UUID> assigned = assignments.topicId(batch.group(), partition.topic());
            if (assigned.isPresent()
                    && position.topicId() != null
                    && !assigned.get().equals(position.topicId())) {
                throw new ResumeException("partition " + partition + " of group " + batch.group()
                        + " was read from topic id " + assigned.get() + ", the stored offset is of "
                        + position.topicId());
            }
            if (position.expires()) {
                expiring.add(partition);
            }
            next.put(partition, position.nextOffset());
        }
        return next;
    }

    /** Leaves out what is applied already, also what the batch itself holds twice, and moves the offsets. */
    private List<OriginalRecord> cut(Map<TopicPartition, Long> next) {
        List<OriginalRecord> fresh = new ArrayList<>(batch.records().size());
        for (OriginalRecord record : batch.records()) {
            TopicPartition partition = Batch.partition(record);
            if (record.offset() >= next.get(partition)) {
                fresh.add(record);
                next.put(partition, record.offset() + 1);
            } else {
                measured(record).repeated();
            }
        }
        return fresh;
    }

    private Map<String, List<Change>> decode(List<OriginalRecord> records) {
        Map<String, List<Change>> topics = new LinkedHashMap<>();
        for (OriginalRecord record : records) {
            if (record.value() == null) {
                continue; // a tombstone, which only compaction needs
            }
            try {
                ChangeEvent event = codec.decode(record.key(), record.value());
                Optional<String> refusal = tables.check(event.schema()).refuse(event);
                if (refusal.isPresent()) {
                    letters.add(letter(record, new EventFormatException(refusal.get())));
                } else {
                    topics.computeIfAbsent(record.topic(), t -> new ArrayList<>())
                            .add(new Change(record, event));
                    if (event.expiresAtMillis() != null && applyTtl) {
                        expiring.add(Batch.partition(record));
                    }
                }
            } catch (EventFormatException | RegistryException e) {
                if (errors.classify(e) != ErrorClass.POISON) {
                    throw e;
                }
                if (e instanceof RegistryException) {
                    requireSubject(record, e);
                }
                letters.add(letter(record, e));
            }
        }
        return topics;
    }

    /** A registry that knows one id less is one bad record; one that knows nothing of the topic is the wrong registry. */
    private void requireSubject(OriginalRecord record, RuntimeException unknownId) {
        String subject = record.topic() + "-value";
        if (!known.add(subject)) {
            return;
        }
        try {
            registry.latest(subject);
        } catch (RegistryException e) {
            if (e.reason() == RegistryException.Reason.UNKNOWN_ID) {
                throw new TableStoppedException(
                        record.position() + ": " + unknownId.getMessage() + ", nor any schema of subject " + subject
                                + ": this is not the registry that the topic was written with, or it has lost its"
                                + " schemas; correct schema.registry.url or restore it, and start the route again");
            }
            throw e;
        }
    }

    private static Set<EventSchema> schemas(List<Change> changes) {
        Set<EventSchema> schemas = new LinkedHashSet<>();
        EventSchema last = null;
        for (Change change : changes) {
            if (change.event().schema() != last) {
                last = change.event().schema();
                schemas.add(last);
            }
        }
        return schemas;
    }

    /**
     * Writes some changes; those Postgres refuses are found by halving, and put aside.
     *
     * @return the rows of which the source has to be asked whether they are still there
     */
    private List<RefreshRequest> write(TargetTable table, List<Change> changes) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        try {
            return writeAtOnce(table, changes);
        } catch (SQLException e) {
            if (errors.classify(e) != ErrorClass.POISON) {
                throw e;
            }
            connection.rollback(savepoint);
            if (changes.size() == 1) {
                letters.add(letter(changes.get(0).record(), e));
                return List.of();
            }
            int middle = changes.size() / 2;
            List<RefreshRequest> asked = new ArrayList<>(write(table, changes.subList(0, middle)));
            asked.addAll(write(table, changes.subList(middle, changes.size())));
            return asked;
        }
    }

    private List<RefreshRequest> writeAtOnce(TargetTable table, List<Change> changes) throws SQLException {
        long began = System.nanoTime();
        Fold fold = new Fold(table::layout);
        changes.forEach(change -> fold.add(change.event(), change.record().key()));
        List<RefreshRequest> asked = new ArrayList<>();
        String topic = changes.get(0).record().topic();
        List<Segment> segments = fold.finish();
        long folded = System.nanoTime();
        for (Segment segment : segments) {
            for (FoldedRow row :
                    TableWriter.of(connection, table, segment.layout()).write(segment)) {
                asked.add(new RefreshRequest(topic, row.recordKey(), "all its columns became null"));
            }
            if (applyTtl && !expiring.isEmpty()) {
                Expirations.remember(connection, table, segment);
            }
        }
        AppliedChanges measures = measured(topic);
        measures.folded(folded - began);
        measures.wrote(System.nanoTime() - folded);
        return asked;
    }

    private DeadLetter letter(OriginalRecord record, Exception error) {
        return new DeadLetter(
                record,
                assignments.topicId(batch.group(), record.topic()).map(UUID::toString),
                batch.group(),
                error.getClass().getName(),
                ErrorTaxonomy.reason(error),
                ErrorTaxonomy.sqlState(error),
                Instant.now());
    }
}
