package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.config.SinkConfig;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.refresh.RefreshTopic;
import io.github.scyllapgcdc.sink.TopicProgress;
import io.github.scyllapgcdc.sink.TopicProgress.Ends;
import io.github.scyllapgcdc.sink.sql.TableName;
import io.github.scyllapgcdc.topic.TopicConsumers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells when one table's pipeline has passed a moment: when all that ScyllaDB had acknowledged by then is in Postgres, what expired
 * by then is gone there, and rows that were asked for by then have been read again. An idle table passes as soon as a busy one.
 * Belongs to one thread.
 */
final class PipelineFence implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration CLOSE = Duration.ofSeconds(3);
    private static final TopicPartition REFRESHES = new TopicPartition(RefreshTopic.NAME, 0);
    private static final String GROUPS = """
            SELECT DISTINCT consumer_group FROM cdc_metadata.sink_offsets WHERE topic = ? ORDER BY 1""";
    private static final String OFFSETS = """
            SELECT kafka_partition, min(next_offset) FROM cdc_metadata.sink_offsets WHERE topic = ? GROUP BY 1""";
    private static final String DUE = """
            SELECT EXISTS (SELECT FROM cdc_metadata.expirations AS e
                JOIN cdc_metadata.sink_offsets AS o ON o.topic = ? AND o.expires
                WHERE e.target = ? AND e.next_expiry <= ?)""";

    private final TableId table;
    private final TableName target;
    private final Duration skew;
    private final Duration timeout;
    private final boolean appliesTtl;
    private final StopRequest stop;
    private final TopicProgress progress;
    private final KafkaConsumer<byte[], byte[]> refreshes;

    /**
     * A table's fence.
     *
     * @param clockOffsetMillis by how much ScyllaDB's clock is ahead of the one that moments are told by
     */
    PipelineFence(CdcConfig config, TableId table, TableName target, long clockOffsetMillis, StopRequest stop) {
        this.table = table;
        this.target = target;
        this.skew = config.source().maxClockSkew().plusMillis(Math.max(0, clockOffsetMillis));
        this.timeout = config.reconcile().lagTimeout();
        this.appliesTtl = config.sink().ttl() == SinkConfig.Ttl.APPLY;
        this.stop = stop;
        this.progress = new TopicProgress(config.kafka());
        this.refreshes = TopicConsumers.uncommitted(config.kafka().adminProperties());
    }

    /**
     * Waits until the pipeline has passed a moment.
     *
     * @param millis milliseconds since 1970
     * @throws PipelineBehindException if it does not in time, with what it lacks
     */
    void await(Connection connection, long millis) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        long passed = millis + skew.toMillis();
        while (progress.watermark(table.topic()).orElse(Long.MIN_VALUE) <= passed) {
            look(
                    deadline,
                    "its source has published everything up to " + published() + ", not to "
                            + Instant.ofEpochMilli(passed));
        }
        awaitApplied(connection, deadline);
        while (appliesTtl && anythingDue(connection, millis)) {
            look(deadline, "rows that expired by " + Instant.ofEpochMilli(millis) + " are still there");
        }
        long asked = askedFor();
        if (refreshed() < asked) {
            while (refreshed() < asked) {
                look(deadline, "its source has served requests for rows up to " + refreshed() + " of " + asked);
            }
            awaitApplied(connection, deadline);
        }
    }

    private void awaitApplied(Connection connection, long deadline) throws SQLException, InterruptedException {
        Ends ends = progress.ends(table.topic());
        for (String group : groups(connection)) {
            while (!progress.applied(connection, group, table.topic(), ends)) {
                look(deadline, "its sink " + group + " has not applied the topic up to " + ends.offsets());
            }
        }
    }

    private void look(long deadline, String why) throws InterruptedException {
        stop.check();
        if (System.nanoTime() > deadline) {
            if (progress.loading(table.topic())) {
                throw new PipelineBehindException("the rows of " + table
                        + " are being loaded, and what is not equal may be on its way: run it again when GET /health says"
                        + " that the load is done");
            }
            throw new PipelineBehindException("the pipeline of " + table + " is behind: " + why + " within "
                    + timeout.toSeconds() + " s (reconcile.lag-timeout.ms); see GET /health, and run it again then");
        }
        Thread.sleep(LOOK.toMillis());
    }

    private String published() {
        OptionalLong watermark = progress.watermark(table.topic());
        return watermark.isEmpty()
                ? "a time that is not known"
                : Instant.ofEpochMilli(watermark.getAsLong()).toString();
    }

    private long refreshed() {
        return progress.refreshed(table.topic()).orElse(0);
    }

    private long askedFor() {
        return refreshes.partitionsFor(RefreshTopic.NAME).isEmpty()
                ? 0
                : refreshes.endOffsets(List.of(REFRESHES)).get(REFRESHES);
    }

    private List<String> groups(Connection connection) throws SQLException {
        List<String> groups = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(GROUPS)) {
            statement.setString(1, table.topic());
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    groups.add(result.getString(1));
                }
            }
        }
        return groups;
    }

    /** What of the topic is applied, as the connection's transaction sees it: the first offset of each partition that is not. */
    Map<TopicPartition, Long> applied(Connection connection) throws SQLException {
        Map<TopicPartition, Long> applied = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(OFFSETS)) {
            statement.setString(1, table.topic());
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    applied.put(new TopicPartition(table.topic(), result.getInt(1)), result.getLong(2));
                }
            }
        }
        return applied;
    }

    private boolean anythingDue(Connection connection, long millis) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DUE)) {
            statement.setString(1, table.topic());
            statement.setString(2, target.toString());
            statement.setLong(3, millis);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    @Override
    public void close() {
        progress.close();
        refreshes.close(CLOSE);
    }
}
