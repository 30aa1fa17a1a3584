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
    /** The group that has got furthest: another one may be left over from a route that was renamed. */
    private static final String GROUP = """
            SELECT consumer_group FROM cdc_metadata.sink_offsets WHERE topic = ?
            GROUP BY 1 ORDER BY sum(next_offset) DESC, 1 LIMIT 1""";

    private static final String OFFSETS = """
            SELECT kafka_partition, next_offset FROM cdc_metadata.sink_offsets WHERE topic = ? AND consumer_group = ?""";
    private static final String EXPIRES =
            "SELECT EXISTS (SELECT FROM cdc_metadata.sink_offsets WHERE topic = ? AND expires)";
    /** ScyllaDB lets values expire by whole seconds of its own clock. */
    private static final long TTL_STEP_MS = 1000;

    private static final String DUE = """
            SELECT EXISTS (SELECT FROM cdc_metadata.expirations WHERE target = ? AND next_expiry <= ?)""";

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
        boolean expires = appliesTtl && is(connection, EXPIRES, table.topic());
        long passed = millis + skew.toMillis() + (expires ? TTL_STEP_MS : 0);
        while (progress.watermark(table.topic()).orElse(Long.MIN_VALUE) <= passed) {
            look(
                    deadline,
                    "its source has published everything up to " + published() + ", not to "
                            + Instant.ofEpochMilli(passed));
        }
        awaitApplied(connection, deadline);
        while (expires && anythingDue(connection, passed)) {
            look(deadline, "rows that expired by " + Instant.ofEpochMilli(passed) + " are still there");
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
        String group = group(connection);
        while (!progress.applied(connection, group, table.topic(), ends)) {
            look(deadline, "its sink " + group + " has not applied the topic up to " + ends.offsets());
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

    private String group(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(GROUP)) {
            statement.setString(1, table.topic());
            try (ResultSet result = statement.executeQuery()) {
                if (!result.next()) {
                    throw new PipelineBehindException(
                            "no sink applies " + table
                                    + " any more: cdc_metadata.sink_offsets has nothing of it; start its sink and run it again");
                }
                return result.getString(1);
            }
        }
    }

    private static boolean is(Connection connection, String question, String parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(question)) {
            statement.setString(1, parameter);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    /** What of the topic is applied, as the connection's transaction sees it: the first offset of each partition that is not. */
    Map<TopicPartition, Long> applied(Connection connection) throws SQLException {
        Map<TopicPartition, Long> applied = new HashMap<>();
        String group = group(connection);
        try (PreparedStatement statement = connection.prepareStatement(OFFSETS)) {
            statement.setString(1, table.topic());
            statement.setString(2, group);
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
            statement.setString(1, target.toString());
            statement.setLong(2, millis);
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
