package io.github.scyllapgcdc.source.generation;

import com.scylladb.cdc.cql.MasterCQL;
import com.scylladb.cdc.model.GenerationId;
import com.scylladb.cdc.model.TableName;
import com.scylladb.cdc.model.TaskId;
import com.scylladb.cdc.model.Timestamp;
import com.scylladb.cdc.model.master.Master;
import com.scylladb.cdc.model.master.MasterConfiguration;
import com.scylladb.cdc.transport.GroupedTasks;
import com.scylladb.cdc.transport.MasterTransport;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.log.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Follows the generations of one table's log in a thread of its own.
 *
 * <p>The library's {@code Master} decides; it moves on to the next generation when {@link Barrier#passed} says that every
 * task of the table has published the old one to its end. It also moves on, silently, when the log's TTL has passed since
 * that end, which is why the reader of {@link #current()} must check what it skipped.
 */
public final class GenerationFollower implements AutoCloseable {
    private static final long STOP_SECONDS = 5;

    private final AtomicReference<Generation> current = new AtomicReference<>();
    private volatile End end = new End(Long.MIN_VALUE, Long.MAX_VALUE);
    private final Thread thread;

    /** From {@code millis} on changes are in the streams of the generation that follows. */
    private record End(long generation, long millis) {}

    /** What the committed checkpoints of all tasks say. Asked rarely: only while a closed generation is unfinished. */
    @FunctionalInterface
    public interface Barrier {
        /** Whether every task has published a generation up to, exclusively, {@code until}; milliseconds since 1970. */
        boolean passed(long generation, long until);
    }

    /**
     * Starts following.
     *
     * @param begun the generation to begin with; empty for the first whose changes the log still has
     * @param lookEvery pause between looks at the table of generations
     */
    public GenerationFollower(MasterCQL cql, TableId table, OptionalLong begun, Barrier barrier, Duration lookEvery) {
        Transport transport = new Transport(begun, barrier);
        Master master = new Master(MasterConfiguration.builder()
                .withCQL(cql)
                .withTransport(transport)
                .addTable(new TableName(table.keyspace(), table.name()))
                .withSleepBeforeFirstGenerationMs(lookEvery.toMillis())
                .withSleepBeforeGenerationDoneMs(lookEvery.toMillis())
                .withSleepAfterExceptionMs(lookEvery.toMillis())
                .build());
        thread = new Thread(master::run, "scylla-cdc-generations-" + table);
        thread.setDaemon(true);
        thread.start();
    }

    /** The generation to read; empty until the first answer. */
    public Optional<Generation> current() {
        return Optional.ofNullable(current.get());
    }

    /** Where a generation ends, exclusively, milliseconds since 1970; the largest number while it is not known to end. */
    public long endOf(long generation) {
        End known = end;
        return known.generation() == generation ? known.millis() : Long.MAX_VALUE;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Both of the library's models come here: generations of the cluster, and of one table where it uses tablets. */
    private final class Transport implements MasterTransport {
        private final OptionalLong begun;
        private final Barrier barrier;
        private OptionalLong finished = OptionalLong.empty();

        private Transport(OptionalLong begun, Barrier barrier) {
            this.begun = begun;
            this.barrier = barrier;
        }

        @Override
        public Optional<GenerationId> getCurrentGenerationId() {
            Generation known = current.get();
            OptionalLong start = known == null ? begun : OptionalLong.of(known.start());
            return start.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new GenerationId(new Timestamp(Date.from(Instant.ofEpochMilli(start.getAsLong())))));
        }

        @Override
        public Optional<GenerationId> getCurrentGenerationId(TableName table) {
            return getCurrentGenerationId();
        }

        @Override
        public boolean areTasksFullyConsumedUntil(Set<TaskId> tasks, Timestamp until) {
            for (TaskId task : tasks) { // all of one generation
                long generation = millis(task.getGenerationId());
                end = new End(generation, millis(until));
                if (barrier.passed(generation, millis(until))) {
                    finished = OptionalLong.of(generation);
                    return true;
                }
                return false;
            }
            return true;
        }

        @Override
        public void configureWorkers(GroupedTasks tasks) {
            Map<Integer, List<StreamId>> groups = new TreeMap<>();
            tasks.getTasks()
                    .forEach((task, streams) -> groups.put(
                            task.getvNodeId().getIndex(),
                            streams.stream()
                                    .map(stream -> StreamId.of(stream.getValue()))
                                    .sorted()
                                    .toList()));
            long start = millis(tasks.getGenerationId());
            tasks.getGenerationMetadata().getEnd().ifPresent(until -> end = new End(start, millis(until)));
            Generation known = current.get();
            OptionalLong before = known == null ? begun : OptionalLong.of(known.start());
            boolean gaveUp = before.isPresent() && before.getAsLong() != start && !before.equals(finished);
            current.set(new Generation(start, groups, gaveUp ? before : OptionalLong.empty()));
        }

        @Override
        public void configureWorkers(TableName table, GroupedTasks tasks) {
            configureWorkers(tasks);
        }

        @Override
        public void stopWorkers() {
            // The task goes on with the generation it has; it is told of another only when that one is finished
        }

        private static long millis(Timestamp time) {
            return time.toDate().toInstant().toEpochMilli();
        }

        private static long millis(GenerationId generation) {
            return millis(generation.getGenerationStart());
        }
    }
}
