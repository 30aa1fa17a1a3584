package io.github.scyllapgcdc.source.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.log.LogPosition;
import io.github.scyllapgcdc.source.log.LogTime;
import io.github.scyllapgcdc.source.log.ReadUnit;
import io.github.scyllapgcdc.source.log.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TaskProgressTest {
    private static final TableId TABLE = TableId.parse("shop.t");
    private static final long GENERATION = 1_000;
    private static final StreamId A = new StreamId("0a");
    private static final StreamId B = new StreamId("0b");
    private static final StreamId C = new StreamId("0c");
    private static final Map<Integer, List<StreamId>> STREAMS = Map.of(0, List.of(A, B), 1, List.of(C));
    private static final TaskShare ALONE = new TaskShare(0, 1);

    private final List<CheckpointRecord> topic = new ArrayList<>();

    private CheckpointState committed() {
        CheckpointState state = new CheckpointState(TABLE);
        topic.forEach(state::apply);
        return state;
    }

    private TaskProgress progress(TaskShare share) {
        return new TaskProgress(TABLE, GENERATION, share, STREAMS, committed(), GENERATION, null);
    }

    private static LogPosition at(long millis) {
        return new LogPosition(Uuids.startOf(millis), 0);
    }

    private static UUID after(TaskProgress progress, StreamId stream, long until) {
        return progress.units(until, false).stream()
                .filter(unit -> unit.streams().contains(stream))
                .map(ReadUnit::after)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void beginsWhereToldWithoutCheckpoints() {
        // When
        TaskProgress progress = progress(ALONE);

        // Then
        assertThat(progress.readUntil()).isEqualTo(GENERATION);
        assertThat(progress.units(2_000, false))
                .hasSize(3)
                .allSatisfy(unit -> assertThat(unit.after()).isEqualTo(LogTime.before(GENERATION)));
        assertThat(progress.units(2_000, true))
                .extracting(ReadUnit::streams)
                .containsExactlyInAnyOrder(List.of(A, B), List.of(C));
    }

    @Test
    void goesOnBehindThePositionsOfABatchThatEndedInsideTheWindow() {
        // Given
        TaskProgress before = progress(ALONE);
        before.advance(A, at(1_500));
        topic.addAll(before.insideWindow(2_000));
        assertThat(topic).hasSize(1);

        // When
        TaskProgress restarted = progress(ALONE);

        // Then
        assertThat(after(restarted, A, 3_000)).isEqualTo(at(1_500).time());
        assertThat(after(restarted, B, 3_000)).isEqualTo(LogTime.before(GENERATION));
        assertThat(after(restarted, C, 3_000)).isEqualTo(LogTime.before(GENERATION));
        assertThat(restarted.units(3_000, true))
                .as("streams of a group that stand at different places are read one by one")
                .hasSize(3);
    }

    @Test
    void aLaterBatchOfTheWindowKeepsTheGroupsOtherPositions() {
        // Given
        TaskProgress before = progress(ALONE);
        before.advance(A, at(1_500));
        topic.addAll(before.insideWindow(2_000));
        TaskProgress restarted = progress(ALONE);

        // When
        restarted.advance(B, at(1_600));
        topic.addAll(restarted.insideWindow(2_500));

        // Then
        TaskProgress again = progress(ALONE);
        assertThat(after(again, A, 3_000)).isEqualTo(at(1_500).time());
        assertThat(after(again, B, 3_000)).isEqualTo(at(1_600).time());
    }

    @Test
    void aWatermarkCoversEveryGroup() {
        // Given
        TaskProgress before = progress(ALONE);
        before.advance(A, at(1_500));
        topic.addAll(before.insideWindow(2_000));
        before.windowDone(2_000);
        topic.add(before.watermark(2_000));

        // When
        TaskProgress restarted = progress(ALONE);

        // Then
        assertThat(restarted.readUntil()).isEqualTo(2_000);
        assertThat(after(restarted, A, 3_000)).isEqualTo(LogTime.before(2_000));
        assertThat(after(restarted, C, 3_000)).isEqualTo(LogTime.before(2_000));
    }

    @Test
    void aGroupInALaterWindowIsAheadOfTheLastWatermark() {
        // Given
        TaskProgress before = progress(ALONE);
        before.windowDone(2_000);
        topic.add(before.watermark(2_000));
        before.windowDone(2_100); // not written: watermarks go once a second
        before.advance(C, at(2_150));
        topic.addAll(before.insideWindow(2_200));

        // When
        TaskProgress restarted = progress(ALONE);

        // Then
        assertThat(restarted.readUntil()).isEqualTo(2_000);
        assertThat(after(restarted, A, 3_000)).isEqualTo(LogTime.before(2_000));
        assertThat(after(restarted, C, 3_000)).isEqualTo(at(2_150).time());
    }

    @Test
    void whenTheNumberOfTasksChangesEachGroupGoesOnFromWhatItsFormerOwnerSaid() {
        // Given
        TaskProgress zero = progress(new TaskShare(0, 2));
        TaskProgress one = progress(new TaskShare(1, 2));
        zero.windowDone(5_000);
        topic.add(zero.watermark(5_000));
        one.windowDone(4_000);
        topic.add(one.watermark(4_000));

        // When
        TaskProgress alone = progress(ALONE);

        // Then
        assertThat(after(alone, A, 9_000)).isEqualTo(LogTime.before(5_000));
        assertThat(after(alone, C, 9_000)).isEqualTo(LogTime.before(4_000));
        assertThat(alone.readUntil()).isEqualTo(4_000);
    }

    @Test
    void tasksShareTheGroupsWithoutOverlap() {
        // Then
        assertThat(progress(new TaskShare(0, 2)).units(2_000, true))
                .extracting(ReadUnit::streams)
                .containsExactly(List.of(A, B));
        assertThat(progress(new TaskShare(1, 2)).units(2_000, true))
                .extracting(ReadUnit::streams)
                .containsExactly(List.of(C));
        assertThatThrownBy(() -> new TaskShare(2, 2)).hasMessageStartingWith("task=2 and tasks=2 are refused");
    }

    @Test
    void aTaskWithoutGroupsHasNothingToReadAndNeverGoesBack() {
        // Given
        TaskShare idle = new TaskShare(2, 3);
        TaskProgress before = progress(idle);
        assertThat(before.readUntil()).isEqualTo(GENERATION);
        assertThat(before.units(5_000, true)).isEmpty();

        // When it is asked again by a clock that was set back
        before.windowDone(5_000);
        topic.add(before.watermark(5_000));
        before.windowDone(4_000);

        // Then what it said stays, also after a restart
        assertThat(before.readUntil()).isEqualTo(5_000);
        assertThat(progress(idle).readUntil()).isEqualTo(5_000);
    }

    @Test
    void theNextGenerationMayBeginWhenAllTasksHavePassedTheEnd() {
        // Given
        TaskProgress zero = progress(new TaskShare(0, 2));
        TaskProgress one = progress(new TaskShare(1, 2));
        topic.add(zero.watermark(5_000));

        // Then
        assertThat(committed().allTasksPast(GENERATION, 2, 5_000)).isFalse();

        // When
        topic.add(one.watermark(4_999));

        // Then
        assertThat(committed().allTasksPast(GENERATION, 2, 5_000)).isFalse();

        // When
        topic.add(one.watermark(5_000));

        // Then
        assertThat(committed().allTasksPast(GENERATION, 2, 5_000)).isTrue();
        assertThat(committed().newestGeneration()).hasValue(GENERATION);
    }

    @Test
    void onlyWhatWasReadBeforeMustStillBeInTheLog() {
        // Given
        assertThat(progress(ALONE).onRecordUntil()).isEqualTo(Long.MAX_VALUE);
        TaskProgress zero = progress(new TaskShare(0, 2));
        zero.windowDone(5_000);
        topic.add(zero.watermark(5_000));

        // Then
        assertThat(progress(ALONE).readUntil()).isEqualTo(GENERATION);
        assertThat(progress(ALONE).onRecordUntil()).isEqualTo(5_000);
        assertThat(new TaskProgress(TABLE, 6_000, ALONE, STREAMS, committed(), 6_000, null).onRecordUntil())
                .as("a generation that follows another is read from its start")
                .isEqualTo(6_000);
    }

    @Test
    void theTaskSetIsCompleteWhenEachWasLastStartedAsOneOfThatMany() {
        // Given
        topic.add(new CheckpointRecord(new CheckpointKey.Task("shop.t", 0), new CheckpointValue.Task(2, "a", "")));
        topic.add(new CheckpointRecord(new CheckpointKey.Task("shop.other", 1), new CheckpointValue.Task(2, "b", "")));

        // Then
        assertThat(committed().taskSetComplete(1)).isFalse();
        assertThat(committed().taskSetComplete(2)).isFalse();

        // When
        topic.add(new CheckpointRecord(new CheckpointKey.Task("shop.t", 1), new CheckpointValue.Task(2, "b", "")));

        // Then
        assertThat(committed().taskSetComplete(2)).isTrue();
        assertThat(committed().isEmpty()).isTrue();
    }

    @Test
    void groupsThatAreToBeLoadedAreNotReadAndOnRecordOneByOneUntilAllAreDone() {
        // Given
        CheckpointValue.Load load = new CheckpointValue.Load("l", 4_000, 3_000, false, false);
        TaskProgress before = loading(load);
        assertThat(before.toLoad()).containsExactly(0, 1);
        assertThat(before.units(5_000, false)).isEmpty();

        // When
        topic.add(before.loadedRecord(0, 3_000));
        before.loaded(0, 3_000);

        // Then
        assertThat(after(before, A, 5_000)).isEqualTo(LogTime.before(3_000));
        TaskProgress restarted = loading(load);
        assertThat(restarted.toLoad()).containsExactly(1);
        assertThat(after(restarted, B, 5_000)).isEqualTo(LogTime.before(3_000));

        // When
        restarted.windowDone(4_500);
        topic.addAll(restarted.groupsUntil(4_500));

        // Then
        TaskProgress again = loading(load);
        assertThat(again.toLoad()).containsExactly(1);
        assertThat(again.onRecordUntil()).isEqualTo(4_500);
    }

    @Test
    void aReloadBeginsWithEveryGroupWhateverWasPublished() {
        // Given
        TaskProgress before = progress(ALONE);
        before.windowDone(2_000);
        topic.add(before.watermark(2_000));
        CheckpointValue.Load reload = new CheckpointValue.Load("l", 4_000, 3_000, true, false);

        // When
        TaskProgress progress = loading(reload);
        assertThat(progress.toLoad()).containsExactly(0, 1);
        topic.add(progress.loadedRecord(1, 3_000));

        // Then
        assertThat(loading(reload).toLoad()).containsExactly(0);
        assertThat(after(loading(reload), C, 5_000)).isEqualTo(LogTime.before(3_000));
    }

    private TaskProgress loading(CheckpointValue.Load load) {
        return new TaskProgress(TABLE, GENERATION, ALONE, STREAMS, committed(), GENERATION, load);
    }

    @Test
    void requestsAreServedOnFromWhereTheTaskOrTheSetBeforeItStood() {
        // Given
        topic.add(refresh(0, 3, 50)); // of a set long gone
        topic.add(refresh(2, 3, 10));
        topic.add(refresh(0, 2, 80));
        topic.add(refresh(1, 2, 70));

        // Then
        assertThat(committed().refreshedUntil(new TaskShare(0, 2))).hasValue(80);
        assertThat(committed().refreshedUntil(ALONE)).hasValue(70);
        topic.clear();
        assertThat(committed().refreshedUntil(ALONE)).isEmpty();
    }

    @Test
    void requestsThatOneTaskOfTheSetBeforeHadLeftAreServedByEveryTaskOfTheNext() {
        // Given
        topic.add(refresh(0, 3, 100));
        topic.add(refresh(1, 3, 200));
        topic.add(refresh(2, 3, 200));
        // When one task of the next set has begun and gone on before the other
        topic.add(refresh(0, 2, 300));

        // Then
        assertThat(committed().refreshedUntil(new TaskShare(0, 2))).hasValue(300);
        assertThat(committed().refreshedUntil(new TaskShare(1, 2))).hasValue(100);
        // and if the first set comes back, its tasks go on where each of them stood
        assertThat(committed().refreshedUntil(new TaskShare(1, 3))).hasValue(200);
    }

    private static CheckpointRecord refresh(int task, int tasks, long offset) {
        return new CheckpointRecord(
                new CheckpointKey.Refresh(TABLE.toString(), tasks, task), new CheckpointValue.Refresh(offset));
    }
}
