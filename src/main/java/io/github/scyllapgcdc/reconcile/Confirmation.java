package io.github.scyllapgcdc.reconcile;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells real differences from rows that the pipeline has yet to bring.
 *
 * <p>A row was read in ScyllaDB. Once the pipeline has passed that moment, Postgres has all that this read saw. If the topic
 * has no change of the row behind that moment up to what Postgres has applied, Postgres has nothing else either. So if it holds
 * something else than ScyllaDB did, and does again now, that is a difference. If the row changed meanwhile it is looked at again,
 * some rounds long. Belongs to one thread.
 */
final class Confirmation {
    private static final int ROWS = 1000;

    private final DataSource dataSource;
    private final ScyllaRows scylla;
    private final PostgresRows postgres;
    private final PipelineFence fence;
    private final TopicChanges topic;
    private final int rounds;
    private final StopRequest stop;

    /** @param rounds how often a row that changed each time is looked at */
    Confirmation(
            DataSource dataSource,
            ScyllaRows scylla,
            PostgresRows postgres,
            PipelineFence fence,
            TopicChanges topic,
            int rounds,
            StopRequest stop) {
        this.dataSource = dataSource;
        this.scylla = scylla;
        this.postgres = postgres;
        this.fence = fence;
        this.topic = topic;
        this.rounds = rounds;
        this.stop = stop;
    }

    /** What Postgres holds, and up to where of the topic that is. */
    private record Applied(Map<ByteBuffer, RowImage> rows, Map<TopicPartition, Long> until) {}

    /** What is to be said of each of the rows, equal ones included. */
    List<Finding> of(Collection<Suspect> suspects) throws SQLException, InterruptedException {
        List<Finding> findings = new ArrayList<>(suspects.size());
        List<Suspect> open = new ArrayList<>(suspects);
        while (!open.isEmpty()) {
            List<Suspect> again = new ArrayList<>();
            for (int i = 0; i < open.size(); i += ROWS) { // so many rows of both sides are in memory at once
                stop.check();
                again.addAll(round(open.subList(i, Math.min(open.size(), i + ROWS)), findings));
            }
            open = again;
        }
        return findings;
    }

    private List<Suspect> round(List<Suspect> open, List<Finding> findings) throws SQLException, InterruptedException {
        List<RowKey> keys = open.stream().map(Suspect::key).toList();
        Applied applied = applied(
                keys, open.stream().mapToLong(s -> s.read().millis()).max().orElse(0));
        Moment begun = topic.now();
        Map<ByteBuffer, RowImage> there = scylla.byKey(keys);
        Moment read = begun.until(System.currentTimeMillis());
        List<Suspect> unequal = new ArrayList<>();
        for (Suspect suspect : open) {
            RowImage left = there.get(suspect.key().id());
            RowImage right = applied.rows().get(suspect.key().id());
            if (RowImage.same(left, right)) {
                findings.add(Finding.equal(suspect.key()));
            } else {
                unequal.add(suspect);
            }
        }
        Set<ByteBuffer> changed = changed(unequal, applied.until());
        List<Suspect> again = new ArrayList<>();
        for (Suspect suspect : unequal) {
            RowImage left = there.get(suspect.key().id());
            boolean certain =
                    suspect.isStill(left) && !changed.contains(suspect.key().id());
            if (certain || suspect.again(left, read) >= rounds) {
                findings.add(new Finding(
                        suspect.key(), left, applied.rows().get(suspect.key().id()), certain));
            } else {
                again.add(suspect);
            }
        }
        return again;
    }

    private Applied applied(List<RowKey> keys, long moment) throws SQLException, InterruptedException {
        try (Connection connection = dataSource.getConnection()) {
            fence.await(connection, moment);
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(
                    Connection.TRANSACTION_REPEATABLE_READ); // rows and offsets of one moment
            try {
                return new Applied(postgres.byKey(connection, keys), fence.applied(connection));
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private Set<ByteBuffer> changed(List<Suspect> suspects, Map<TopicPartition, Long> until) {
        if (suspects.isEmpty()) {
            return Set.of();
        }
        List<RowKey> keys = suspects.stream().map(Suspect::key).toList();
        Map<TopicPartition, Long> from = new HashMap<>();
        suspects.forEach(suspect -> suspect.read().ends().forEach((p, end) -> from.merge(p, end, Math::min)));
        Optional<Set<ByteBuffer>> changed = topic.among(keys, from, until);
        return changed.orElseGet(
                () -> new HashSet<>(keys.stream().map(RowKey::id).toList()));
    }
}
