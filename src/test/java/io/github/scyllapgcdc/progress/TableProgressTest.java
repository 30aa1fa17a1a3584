package io.github.scyllapgcdc.progress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.scyllapgcdc.progress.ProgressRecord.Load;
import io.github.scyllapgcdc.progress.ProgressRecord.Watermark;
import org.junit.jupiter.api.Test;

class TableProgressTest {
    private static final String TOPIC = "shop.orders";

    private final TableProgress progress = new TableProgress();

    @Test
    void recordsAreTextAndJsonAndComeBackAsTheyWere() {
        Watermark watermark = new Watermark(TOPIC, 1, 2, 1_700_000_000_123L, 42);
        Load load = new Load(TOPIC, 0, 2, "5b6962dd-3f90-4c93-8f61-eabfa4a803e2", true, Load.State.BEGUN);

        assertThat(new String(watermark.key(), UTF_8)).isEqualTo("shop.orders/watermark/1");
        assertThat(new String(watermark.value(), UTF_8))
                .isEqualTo("{\"tasks\":2,\"until\":1700000000123,\"refreshed\":42}");
        assertThat(new String(load.key(), UTF_8)).isEqualTo("shop.orders/load/0");
        assertThat(new String(load.value(), UTF_8))
                .isEqualTo("{\"tasks\":2,\"id\":\"5b6962dd-3f90-4c93-8f61-eabfa4a803e2\",\"reload\":true,"
                        + "\"state\":\"begun\"}");
        assertThat(ProgressRecord.read(watermark.key(), watermark.value())).contains(watermark);
        assertThat(ProgressRecord.read(load.key(), load.value())).contains(load);
    }

    @Test
    void recordsOfOtherKindsAreLeftOutAndDamagedOnesNamed() {
        assertThat(ProgressRecord.read("shop.orders/news/1".getBytes(UTF_8), "{}".getBytes(UTF_8)))
                .isEmpty();
        assertThat(ProgressRecord.read("shop.orders/load/1".getBytes(UTF_8), null))
                .isEmpty();
        assertThatThrownBy(() ->
                        ProgressRecord.read("shop.orders/watermark/1".getBytes(UTF_8), "{\"tasks\":1}".getBytes(UTF_8)))
                .hasMessage("the progress record shop.orders/watermark/1 is damaged: it has no until");
    }

    @Test
    void theWatermarkIsTheLeastOfAllTasks() {
        progress.apply(new Watermark(TOPIC, 0, 2, 500, 0));
        assertThat(progress.watermark()).isEmpty();

        progress.apply(new Watermark(TOPIC, 1, 2, 400, 0));
        assertThat(progress.watermark()).hasValue(400);

        progress.apply(new Watermark(TOPIC, 1, 2, 600, 0));
        assertThat(progress.watermark()).hasValue(500);
    }

    @Test
    void requestsAreServedWhenEveryTaskHasLookedAtThem() {
        progress.apply(new Watermark(TOPIC, 0, 2, 500, 7));
        assertThat(progress.refreshed()).isEmpty();

        progress.apply(new Watermark(TOPIC, 1, 2, 900, 3));
        assertThat(progress.refreshed()).hasValue(3);
    }

    @Test
    void aWatermarkOfAnEarlierVersionTellsOfNoRequests() {
        ProgressRecord read = ProgressRecord.read(
                        "shop.orders/watermark/0".getBytes(UTF_8), "{\"tasks\":1,\"until\":5}".getBytes(UTF_8))
                .orElseThrow();

        assertThat(read).isEqualTo(new Watermark(TOPIC, 0, 1, 5, 0));
    }

    @Test
    void tasksOfAnOlderSetDoNotCount() {
        progress.apply(new Watermark(TOPIC, 0, 1, 500, 0));
        progress.apply(new Watermark(TOPIC, 1, 2, 900, 0));
        assertThat(progress.watermark()).isEmpty();

        progress.apply(new Watermark(TOPIC, 0, 2, 800, 0));
        assertThat(progress.watermark()).hasValue(800);

        progress.apply(new Watermark(TOPIC, 0, 1, 850, 0));
        assertThat(progress.watermark()).hasValue(850);
    }

    @Test
    void aTableIsLoadingUntilEveryTaskIsDone() {
        assertThat(progress.loading()).isFalse();

        progress.apply(new Load(TOPIC, 0, 2, "a", false, Load.State.BEGUN));
        progress.apply(new Load(TOPIC, 1, 2, "b", false, Load.State.BEGUN));
        progress.apply(new Load(TOPIC, 0, 2, "a", false, Load.State.DONE));
        assertThat(progress.loading()).isTrue();

        progress.apply(new Load(TOPIC, 1, 2, "b", false, Load.State.DONE));
        assertThat(progress.loading()).isFalse();
        assertThat(progress.loads()).extracting(Load::id).containsExactlyInAnyOrder("a", "b");
    }
}
