package io.github.scyllapgcdc.source.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.config.Snapshot;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.checkpoint.CheckpointKey;
import io.github.scyllapgcdc.source.checkpoint.CheckpointRecord;
import io.github.scyllapgcdc.source.checkpoint.CheckpointState;
import io.github.scyllapgcdc.source.checkpoint.CheckpointValue;
import io.github.scyllapgcdc.source.checkpoint.CheckpointValue.Load;
import io.github.scyllapgcdc.source.checkpoint.TaskShare;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoadPlanTest {
    private static final String TABLE = "shop.t";
    private static final long NOW = 1_000_000;
    private static final long FINAL = NOW - 3_000;
    private static final Duration TTL = Duration.ofSeconds(400);

    private final CheckpointState committed = new CheckpointState(TableId.parse(TABLE));

    private Optional<Load> plan(Snapshot snapshot, TaskShare share) {
        return new LoadPlan(committed, share, Optional.of(TTL), NOW, FINAL).load(snapshot);
    }

    private Optional<Load> plan(TaskShare share) {
        return plan(Snapshot.INITIAL, share);
    }

    private void onRecord(int tasks, int task, Load load) {
        committed.apply(new CheckpointRecord(new CheckpointKey.Load(TABLE, tasks, task), load));
    }

    private static TaskShare share(int task, int tasks) {
        return new TaskShare(task, tasks);
    }

    @Test
    void aTableThatWasNeverPublishedIsLoadedFromWhereTheLogIsFinal() {
        assertThat(plan(share(0, 1))).hasValueSatisfying(load -> {
            assertThat(load.since()).isEqualTo(FINAL);
            assertThat(load.begun()).isEqualTo(NOW);
            assertThat(load.reload()).isFalse();
            assertThat(load.done()).isFalse();
        });
        assertThat(plan(Snapshot.NEVER, share(0, 1))).isEmpty();
    }

    @Test
    void aTableThatWasPublishedIsNotLoaded() {
        committed.apply(new CheckpointRecord(
                new CheckpointKey.Watermark(TABLE, 1, 1, 0), new CheckpointValue.Watermark(FINAL)));

        assertThat(plan(share(0, 1))).isEmpty();
        assertThat(plan(share(1, 2))).as("its groups were the only task's").isEmpty();
    }

    @Test
    void whatOtherTasksPublishedOfTheirGroupsDoesNotCount() {
        committed.apply(new CheckpointRecord(
                new CheckpointKey.Watermark(TABLE, 1, 2, 0), new CheckpointValue.Watermark(FINAL)));
        committed.apply(
                new CheckpointRecord(new CheckpointKey.Group(TABLE, 1, 4), new CheckpointValue.Group(1, 1, Map.of())));

        assertThat(plan(share(0, 2))).isEmpty();
        assertThat(plan(share(1, 2))).isPresent();
    }

    @Test
    void aLoadThatWasCutShortGoesOnAsItIs() {
        Load begun = new Load("a", 900_000, 899_000, false, false);
        onRecord(1, 0, begun);

        assertThat(plan(share(0, 1))).contains(begun);
        assertThat(plan(Snapshot.NEVER, share(0, 1))).contains(begun);
    }

    @Test
    void aLoadThatIsDoneIsOver() {
        onRecord(1, 0, new Load("a", 900_000, 899_000, false, true));

        assertThat(plan(share(0, 1))).isEmpty();
    }

    @Test
    void aLoadWhoseLogIsNearlyGoneBeginsAnewAsAReload() {
        onRecord(1, 0, new Load("a", 600_000, NOW - 310_000, false, false));

        assertThat(plan(share(0, 1))).hasValueSatisfying(load -> {
            assertThat(load.id()).isNotEqualTo("a");
            assertThat(load.reload()).isTrue();
            assertThat(load.since()).isEqualTo(FINAL);
        });
    }

    @Test
    void aNewTaskSetTakesOverAnUnfinishedLoadFromTheOldestOfItsStarts() {
        onRecord(2, 0, new Load("a", 900_000, 899_000, false, false));
        onRecord(2, 1, new Load("b", 900_000, 898_000, false, false));

        assertThat(plan(share(0, 1))).hasValueSatisfying(load -> {
            assertThat(load.since()).isEqualTo(898_000);
            assertThat(load.reload()).isFalse();
            onRecord(1, 0, load);
            assertThat(plan(share(0, 1)))
                    .as("once taken over it is this set's own")
                    .contains(load);
            onRecord(1, 0, load.finished());
            assertThat(plan(share(0, 1))).isEmpty();
        });
    }

    @Test
    void aNewTaskSetBeginsAnUnfinishedReloadAnew() {
        onRecord(2, 1, new Load("b", 900_000, 899_000, true, false));

        assertThat(plan(share(0, 1))).hasValueSatisfying(load -> {
            assertThat(load.reload()).isTrue();
            assertThat(load.since()).isEqualTo(FINAL);
        });
    }
}
