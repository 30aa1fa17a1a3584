package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.SinkConfig;
import io.github.scyllapgcdc.metrics.Meters;
import io.github.scyllapgcdc.refresh.RefreshRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows when records are gone before they were applied: never that they are passed over in silence. */
final class GapPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(GapPolicy.class);

    private final SinkConfig config;
    private final Refreshes refreshes;
    private final Meters meters;

    GapPolicy(SinkConfig config, Refreshes refreshes, Meters meters) {
        this.config = config;
        this.refreshes = refreshes;
        this.meters = meters;
    }

    /**
     * Sees to it that the tables are loaded again. The request is in Kafka when this returns, and only then may what is left
     * of the topic be applied: if the process dies in between, the gap is found once more.
     *
     * @throws TableStoppedException if that is not to be done by itself
     */
    void handle(List<Gap> gaps) {
        gaps.stream()
                .map(gap -> gap.partition().topic())
                .distinct()
                .forEach(topic -> meters.sink(topic).gap());
        if (config.onGap() == SinkConfig.OnGap.STOP) {
            throw new TableStoppedException(gaps.get(0).what() + "; " + remedy(gaps));
        }
        gaps.forEach(gap -> LOG.error(
                "Gap, the source is asked to load the table again: group={} reason=\"{}\"", gap.group(), gap.what()));
        Set<String> topics = gaps.stream().map(gap -> gap.partition().topic()).collect(Collectors.toSet());
        refreshes.send(topics.stream()
                .map(topic -> RefreshRequest.ofTable(topic, "the sink misses changes: " + what(gaps, topic)))
                .toList());
    }

    private static String what(List<Gap> gaps, String topic) {
        return gaps.stream()
                .filter(gap -> gap.partition().topic().equals(topic))
                .map(Gap::what)
                .findFirst()
                .orElseThrow();
    }

    private static String remedy(List<Gap> gaps) {
        Gap first = gaps.get(0);
        String beginnings = gaps.stream()
                .map(gap -> "(" + gap.partition().partition() + ", "
                        + gap.beginning().nextOffset() + ")")
                .collect(Collectors.joining(", "));
        return "to have the table loaded again start with sink.on-gap=reload, or to go on with what is left run \"UPDATE"
                + " cdc_metadata.sink_offsets AS o SET topic_id = NULL, partition_count = "
                + first.beginning().partitionCount() + ", next_offset = b.next_offset FROM (VALUES " + beginnings
                + ") AS b (kafka_partition, next_offset) WHERE o.consumer_group = '" + first.group()
                + "' AND o.topic = '" + first.partition().topic()
                + "' AND o.kafka_partition = b.kafka_partition\" and start the route again";
    }
}
