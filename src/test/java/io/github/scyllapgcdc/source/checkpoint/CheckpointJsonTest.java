package io.github.scyllapgcdc.source.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointJsonTest {

    static Stream<Arguments> records() {
        return Stream.of(
                Arguments.of(
                        new CheckpointKey.Topic("shop.t"),
                        new CheckpointValue.Topic(3, "x1"),
                        "shop.t/topic",
                        "{\"partitions\":3,\"topicId\":\"x1\"}"),
                Arguments.of(
                        new CheckpointKey.Task("shop.t", 1),
                        new CheckpointValue.Task(2, "s", "2026-01-01T00:00:00Z"),
                        "shop.t/task/1",
                        "{\"tasks\":2,\"session\":\"s\",\"startedAt\":\"2026-01-01T00:00:00Z\"}"),
                Arguments.of(
                        new CheckpointKey.Watermark("shop.t", 1000, 2, 1),
                        new CheckpointValue.Watermark(5000),
                        "shop.t/1000/watermark/2/1",
                        "{\"until\":5000}"),
                Arguments.of(
                        new CheckpointKey.Group("shop.t", 1000, 7),
                        new CheckpointValue.Group(1, 2, Map.of("ab", new CheckpointValue.Position("u", 4))),
                        "shop.t/1000/group/7",
                        "{\"from\":1,\"until\":2,\"positions\":{\"ab\":{\"time\":\"u\",\"sequence\":4}}}"),
                Arguments.of(
                        new CheckpointKey.Group("shop.t", 1000, 7),
                        new CheckpointValue.Group(1, 2, Map.of(), "l1"),
                        "shop.t/1000/group/7",
                        "{\"from\":1,\"until\":2,\"positions\":{},\"load\":\"l1\"}"),
                Arguments.of(
                        new CheckpointKey.Load("shop.t", 2, 1),
                        new CheckpointValue.Load("l1", 5, 3, true, false),
                        "shop.t/load/2/1",
                        "{\"id\":\"l1\",\"begun\":5,\"since\":3,\"reload\":true,\"done\":false}"),
                Arguments.of(
                        new CheckpointKey.Refresh("shop.t", 2, 1),
                        new CheckpointValue.Refresh(77),
                        "shop.t/refresh/2/1",
                        "{\"offset\":77}"));
    }

    @ParameterizedTest
    @MethodSource("records")
    void whatIsWrittenIsReadBack(CheckpointKey key, CheckpointValue value, String keyText, String valueText) {
        // Given
        CheckpointRecord written = new CheckpointRecord(key, value);

        // Then
        assertThat(CheckpointJson.key(written)).asString(StandardCharsets.UTF_8).isEqualTo(keyText);
        assertThat(CheckpointJson.value(written))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(valueText);
        assertThat(CheckpointJson.read(CheckpointJson.key(written), CheckpointJson.value(written)))
                .contains(written);
    }

    @Test
    void recordsOfALaterVersionAreLeftOutAndTheirFieldsTolerated() {
        assertThat(CheckpointJson.read(bytes("shop.t/something/new"), bytes("{}")))
                .isEmpty();
        assertThat(CheckpointJson.read(bytes("shop.t/task/one"), bytes("{}"))).isEmpty();
        assertThat(CheckpointJson.read(bytes("shop.t/topic"), null)).isEmpty();
        assertThat(CheckpointJson.read(bytes("shop.t/1/watermark/1/0"), bytes("{\"until\":5,\"new\":1}")))
                .contains(new CheckpointRecord(
                        new CheckpointKey.Watermark("shop.t", 1, 1, 0), new CheckpointValue.Watermark(5)));
    }

    @Test
    void aDamagedRecordIsRefusedByName() {
        assertThatThrownBy(() -> CheckpointJson.read(bytes("shop.t/topic"), bytes("{")))
                .hasMessage("the checkpoint shop.t/topic is damaged");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
