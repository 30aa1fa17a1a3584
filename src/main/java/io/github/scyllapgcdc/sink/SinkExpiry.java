package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.config.SinkConfig;
import io.github.scyllapgcdc.progress.ProgressReader;
import io.github.scyllapgcdc.progress.TableProgress;
import io.github.scyllapgcdc.sink.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.apache.camel.Handler;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what has expired, as a bean that a timer calls. What is due is told by the table's own progress rather than by the
 * clock: only when every change up to a moment is applied, what expires up to it is removed, so a value that was written
 * again in time never goes. Tables without a time to live cost one look at the stored offsets.
 */
public final class SinkExpiry extends ServiceSupport {
    private static final int ROWS = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(SinkExpiry.class);

    private static final String TOPICS = """
            SELECT consumer_group, topic FROM cdc_metadata.sink_offsets
            WHERE expires GROUP BY consumer_group, topic""";

    private static final String OFFSETS = """
            SELECT kafka_partition, next_offset FROM cdc_metadata.sink_offsets
            WHERE consumer_group = ? AND topic = ?""";

    private static final String DUE = """
            SELECT EXISTS (SELECT FROM cdc_metadata.expirations WHERE target = ? AND next_expiry <= ?)""";

    private static final String BEGUN = "SELECT to_regclass('cdc_metadata.expirations') IS NOT NULL";

    private final DataSource dataSource;
    private final SinkConfig config;
    private final KafkaConfig kafka;
    private final TargetTables tables;
    private final Refreshes refreshes;
    private final Map<Followed, Goal> goals = new HashMap<>();
    private ProgressReader progress;
    private CaughtUp caughtUp;
    private String lastFailure = "";

    /** A topic as a consumer group applies it. */
    private record Followed(String group, String topic) {}

    /** When everything before these offsets is applied, every change older than the watermark is. */
    private record Goal(long watermark, Map<TopicPartition, Long> ends) {}

    SinkExpiry(DataSource dataSource, SinkConfig config, KafkaConfig kafka, TargetTables tables, Refreshes refreshes) {
        this.dataSource = dataSource;
        this.config = config;
        this.kafka = kafka;
        this.tables = tables;
        this.refreshes = refreshes;
    }

    /** Removes what is due by now; what can't be done at the moment is done another time. */
    @Handler
    public synchronized void run() {
        if (config.ttl() == SinkConfig.Ttl.IGNORE || !isRunAllowed()) {
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            for (Followed followed : followed(connection)) {
                expire(connection, followed);
            }
            lastFailure = "";
        } catch (SQLException | KafkaException e) {
            String reason = Errors.reason(e);
            if (!reason.equals(lastFailure)) { // once an outage, not once a tick
                LOG.warn("Nothing expires for now: reason=\"{}\"", reason);
                lastFailure = reason;
            }
        }
    }

    private void expire(Connection connection, Followed followed) throws SQLException {
        TableName name = tables.name(followed.topic());
        Goal goal = goals.get(followed);
        if (goal == null) {
            OptionalLong watermark = watermark(followed.topic());
            if (watermark.isEmpty() || !anythingDue(connection, name, watermark.getAsLong())) {
                return;
            }
            goal = new Goal(watermark.getAsLong(), CaughtUp.ends(kafka, followed.topic()));
            goals.put(followed, goal);
        }
        if (!caughtUp().reached(goal.ends(), applied(connection, followed))) {
            return;
        }
        int rows;
        do {
            rows = expireSome(connection, followed, name, goal);
        } while (rows == ROWS && isRunAllowed());
        goals.remove(followed);
    }

    private int expireSome(Connection connection, Followed followed, TableName name, Goal goal) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Fence.lock(connection, followed.group(), goal.ends().keySet());
            Optional<ReplicatedTable> table = ReplicatedTable.find(connection, name);
            int rows = table.isEmpty()
                    ? 0
                    : new ExpiryRun(connection, followed.topic(), table.get()).apply(goal.watermark(), ROWS, refreshes);
            connection.commit();
            return rows;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private OptionalLong watermark(String topic) {
        if (progress == null) {
            progress = new ProgressReader(kafka.adminProperties());
        }
        boolean more;
        do {
            more = progress.poll();
        } while (more);
        return progress.table(topic).map(TableProgress::watermark).orElse(OptionalLong.empty());
    }

    private CaughtUp caughtUp() {
        if (caughtUp == null) {
            caughtUp = new CaughtUp(kafka);
        }
        return caughtUp;
    }

    private static List<Followed> followed(Connection connection) throws SQLException {
        List<Followed> followed = new ArrayList<>();
        try (PreparedStatement begun = connection.prepareStatement(BEGUN);
                ResultSet answer = begun.executeQuery()) {
            if (!answer.next() || !answer.getBoolean(1)) {
                return followed; // no sink has begun yet
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(TOPICS);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                followed.add(new Followed(result.getString(1), result.getString(2)));
            }
        }
        return followed;
    }

    private static Map<TopicPartition, Long> applied(Connection connection, Followed followed) throws SQLException {
        Map<TopicPartition, Long> applied = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(OFFSETS)) {
            statement.setString(1, followed.group());
            statement.setString(2, followed.topic());
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    applied.put(new TopicPartition(followed.topic(), result.getInt(1)), result.getLong(2));
                }
            }
        }
        return applied;
    }

    private static boolean anythingDue(Connection connection, TableName name, long watermark) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DUE)) {
            statement.setString(1, name.toString());
            statement.setLong(2, watermark);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    @Override
    protected synchronized void doStop() {
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
