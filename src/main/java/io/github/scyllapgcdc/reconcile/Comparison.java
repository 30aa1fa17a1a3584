package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.sink.Catalog;
import io.github.scyllapgcdc.sink.Transactions;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * What all modes share: rows that were read are compared, those that are not equal become suspects, and suspects are settled some
 * thousands at a time, which bounds the memory that a run takes. May be used by several threads.
 */
final class Comparison {
    private static final int SUSPECTS = 10_000;
    private static final Duration OFTEN = Duration.ofMinutes(1);
    /** Rows that are looked up together. */
    static final int ROWS = 1000;

    private final Run run;
    private final TableForm form;
    private final DataSource dataSource;
    private final PostgresRows postgres;
    private final ScyllaRows scylla;
    private final TopicChanges topic;
    private final Confirmation confirmation;
    private final DifferenceLog log;
    private final RunProgress progress;
    private final int maxLogged;
    private final Map<ByteBuffer, Suspect> suspects = new LinkedHashMap<>();
    private long settledNanos = System.nanoTime();

    Comparison(
            Run run,
            TableForm form,
            DataSource dataSource,
            PostgresRows postgres,
            ScyllaRows scylla,
            TopicChanges topic,
            Confirmation confirmation,
            DifferenceLog log,
            RunProgress progress,
            int maxLogged) {
        this.run = run;
        this.form = form;
        this.dataSource = dataSource;
        this.postgres = postgres;
        this.scylla = scylla;
        this.topic = topic;
        this.confirmation = confirmation;
        this.log = log;
        this.progress = progress;
        this.maxLogged = maxLogged;
    }

    /** Those of some keys that Postgres has. */
    Map<ByteBuffer, RowImage> inPostgres(Collection<RowKey> keys) throws SQLException, InterruptedException {
        try (Connection connection = dataSource.getConnection()) {
            return postgres.byKey(connection, keys);
        }
    }

    /** Reads rows of both sides by their keys, and takes those that differ for suspects. */
    void compare(Collection<RowKey> keys) throws SQLException, InterruptedException {
        Moment begun = topic.now();
        Map<ByteBuffer, RowImage> left = scylla.byKey(keys);
        Moment read = begun.until(System.currentTimeMillis());
        Map<ByteBuffer, RowImage> right = inPostgres(keys);
        for (RowKey key : keys) {
            RowImage there = left.get(key.id());
            if (!RowImage.same(there, right.get(key.id()))) {
                suspect(new Suspect(key, there, read));
            }
        }
        progress.scyllaRows(left.size());
        progress.postgresRows(right.size());
    }

    /** Takes those of some rows of Postgres for suspects that ScyllaDB does not have. */
    void compareExtra(Collection<RowKey> keys) throws InterruptedException {
        Moment begun = topic.now();
        Map<ByteBuffer, RowImage> left = scylla.byKey(keys);
        Moment read = begun.until(System.currentTimeMillis());
        for (RowKey key : keys) {
            if (!left.containsKey(key.id())) {
                suspect(new Suspect(key, null, read));
            }
        }
    }

    synchronized void suspect(Suspect suspect) {
        suspects.put(suspect.key().id(), suspect);
    }

    /** Looks once more at rows that differed in an earlier run, and puts on record how they are now. */
    void lookAgain(Collection<RowKey> keys) throws SQLException, InterruptedException {
        Moment begun = topic.now();
        Map<ByteBuffer, RowImage> left = scylla.byKey(keys);
        Moment read = begun.until(System.currentTimeMillis());
        for (RowKey key : keys) {
            RowImage there = left.get(key.id());
            suspect(new Suspect(key, there, read));
        }
        settle(null);
    }

    /** Settles when there are as many suspects as memory should hold. */
    synchronized void settleIfFull() throws SQLException, InterruptedException {
        if (suspects.size() >= SUSPECTS) {
            settle(null);
        }
    }

    /**
     * Settles when there are many suspects, or when the last time is long ago.
     *
     * @param reached how far the run is
     */
    synchronized void settleIfDue(Supplier<Checkpoint> reached) throws SQLException, InterruptedException {
        if (suspects.size() >= SUSPECTS || System.nanoTime() - settledNanos > OFTEN.toNanos()) {
            settle(reached.get());
        }
    }

    /**
     * Finds out what is to be said of the suspects, and puts it on record.
     *
     * @param reached how far the run is with that, or null
     */
    synchronized void settle(Checkpoint reached) throws SQLException, InterruptedException {
        record(confirmation.of(suspects.values()), reached);
        suspects.clear();
        settledNanos = System.nanoTime();
    }

    /** Puts findings on record. */
    synchronized void record(Collection<Finding> findings, Checkpoint reached) throws SQLException {
        List<Finding> differences =
                findings.stream().filter(f -> f.determined() && !f.equal()).toList();
        List<RowKey> equal =
                findings.stream().filter(Finding::equal).map(Finding::key).toList();
        long undetermined = findings.stream().filter(f -> !f.determined()).count();
        long room = Math.max(0, maxLogged - progress.counts().differences());
        UUID id = run.request().id();
        try (Connection connection = dataSource.getConnection()) {
            progress.count(Transactions.run(connection, () -> {
                if (!differences.isEmpty()) {
                    requireSameTable(connection);
                }
                List<Finding> fresh = log.add(connection, id, differences, Math.toIntExact(room));
                long repaired = log.resolve(connection, id, equal);
                Counts more = Counts.of(fresh).plus(new Counts(0, 0, 0, undetermined, repaired));
                if (reached != null) {
                    RunStore.keep(connection, id, reached);
                }
                RunStore.progress(connection, id, progress, progress.counts().plus(more));
                return more;
            }));
        }
    }

    private void requireSameTable(Connection connection) throws SQLException {
        Map<String, String> columns = Catalog.read(connection, form.target())
                .map(Catalog.Table::columns)
                .orElseThrow(() -> TableForm.changed("it was dropped"));
        form.requireSame(columns);
    }
}
