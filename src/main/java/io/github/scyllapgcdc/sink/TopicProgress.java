package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.progress.ProgressReader;
import io.github.scyllapgcdc.progress.ProgressRecord;
import io.github.scyllapgcdc.progress.TableProgress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * How far sources have come, and whether what they had published by then is applied. Connects when it is needed first. Belongs
 * to one thread at a time.
 */
public final class TopicProgress implements AutoCloseable {
    private static final String OFFSETS = """
            SELECT kafka_partition, next_offset FROM cdc_metadata.sink_offsets
            WHERE consumer_group = ? AND topic = ?""";

    private final KafkaConfig kafka;
    private ProgressReader progress;
    private CaughtUp caughtUp;

    public TopicProgress(KafkaConfig kafka) {
        this.kafka = kafka;
    }

    /** Where a topic ended at some moment: what was said to be in it by then lies before. */
    public record Ends(Map<TopicPartition, Long> offsets) {}

    /** Every change of the table that is older is in its topic; milliseconds since 1970. Empty if not known. */
    public OptionalLong watermark(String topic) {
        return reader().table(topic).map(TableProgress::watermark).orElse(OptionalLong.empty());
    }

    /** Every request for a refresh before this offset is served. Empty if not known. */
    public OptionalLong refreshed(String topic) {
        return reader().table(topic).map(TableProgress::refreshed).orElse(OptionalLong.empty());
    }

    /** Whether rows of the table are being loaded. */
    public boolean loading(String topic) {
        return reader().table(topic).map(TableProgress::loading).orElse(false);
    }

    /** The newest load of each task of the table. */
    public Collection<ProgressRecord.Load> loads(String topic) {
        return reader().table(topic).map(TableProgress::loads).orElse(List.of());
    }

    /** Where a topic ends now. */
    public Ends ends(String topic) {
        return new Ends(CaughtUp.ends(kafka, topic));
    }

    /** Whether a consumer group has applied everything before these ends. */
    public boolean applied(Connection connection, String group, String topic, Ends ends) throws SQLException {
        if (caughtUp == null) {
            caughtUp = new CaughtUp(kafka);
        }
        Map<TopicPartition, Long> applied = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(OFFSETS)) {
            statement.setString(1, group);
            statement.setString(2, topic);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    applied.put(new TopicPartition(topic, result.getInt(1)), result.getLong(2));
                }
            }
        }
        return caughtUp.reached(ends.offsets(), applied);
    }

    private ProgressReader reader() {
        if (progress == null) {
            progress = new ProgressReader(kafka.adminProperties());
        }
        boolean more;
        do {
            more = progress.poll();
        } while (more);
        return progress;
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
        if (caughtUp != null) {
            caughtUp.close();
            caughtUp = null;
        }
    }
}
