package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.config.SinkConfig;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.registry.SchemaRegistry;
import io.github.scyllapgcdc.sink.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.apache.camel.Handler;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What no change says: values that expire, and rows that a reload did not bring. A bean that a timer calls. A call does what
 * can be done by now; the rest is left to the next one. Several instances may do so at once.
 */
public final class SinkUpkeep extends ServiceSupport {
    private static final Logger LOG = LoggerFactory.getLogger(SinkUpkeep.class);

    private static final String TOPICS = """
            SELECT consumer_group, topic, bool_or(expires) FROM cdc_metadata.sink_offsets
            GROUP BY consumer_group, topic ORDER BY topic""";

    private static final String ALL = "all";
    private static final String LAG = "lag";
    private static final Duration LAG_EVERY = Duration.ofSeconds(5);

    private static final String BEGUN = "SELECT to_regclass('cdc_metadata.reloads') IS NOT NULL";

    private final DataSource dataSource;
    private final TargetTables tables;
    private final TopicProgress progress;
    private final Expiry expiry;
    private final Sweep sweep;
    private final SinkLag lag;
    private long nextLagNanos = System.nanoTime();
    private final boolean appliesTtl;
    /** Why a topic waits, as far as it was said. */
    private final Map<String, String> failures = new HashMap<>();

    /** A topic as a consumer group applies it, and whether anything of it expires. */
    record Followed(String group, String topic, boolean expires) {}

    SinkUpkeep(
            DataSource dataSource,
            SinkConfig config,
            KafkaConfig kafka,
            SchemaRegistry registry,
            TargetTables tables,
            Refreshes refreshes,
            SinkLag lag) {
        this.dataSource = dataSource;
        this.tables = tables;
        this.appliesTtl = config.ttl() == SinkConfig.Ttl.APPLY;
        this.lag = lag;
        this.progress = new TopicProgress(kafka);
        this.expiry = new Expiry(progress, refreshes);
        this.sweep = new Sweep(progress, registry, refreshes);
    }

    /** Does what is due by now. */
    @Handler
    public synchronized void run() {
        if (!isRunAllowed()) {
            return;
        }
        try (Connection connection = dataSource.getConnection()) {
            lookAtLag(connection);
            for (Followed followed : followed(connection)) {
                run(connection, followed);
            }
            failures.remove(ALL);
        } catch (SQLException | RuntimeException e) {
            failed(ALL, e);
        }
    }

    private void lookAtLag(Connection connection) throws SQLException {
        if (System.nanoTime() - nextLagNanos < 0) {
            return;
        }
        try {
            lag.look(connection);
            failures.remove(LAG);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | KafkaException e) {
            failed(LAG, e);
        }
        nextLagNanos = System.nanoTime() + LAG_EVERY.toNanos();
    }

    /** What keeps one topic waiting, as a table that can't be swept, is nothing to the others. */
    private void run(Connection connection, Followed followed) throws SQLException {
        try {
            TableName table = tables.name(followed.topic());
            if (appliesTtl && followed.expires()) {
                expiry.run(connection, followed, table);
            }
            sweep.run(connection, followed, table);
            failures.remove(followed.topic());
        } catch (SQLException | RuntimeException e) { // of Kafka's clients, the registry, the table
            if (e instanceof RetriableException || connection.isClosed()) {
                throw e; // Kafka or Postgres is away, for the others, too
            }
            failed(followed.topic(), e);
        }
    }

    private void failed(String topic, Exception e) {
        String reason = ErrorTaxonomy.reason(e);
        if (!reason.equals(failures.put(topic, reason))) { // once an outage, not once a tick
            LOG.warn("Upkeep waits: topic={} reason=\"{}\"", topic, reason);
            LOG.debug("why", e);
        }
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
                followed.add(new Followed(result.getString(1), result.getString(2), result.getBoolean(3)));
            }
        }
        return followed;
    }

    @Override
    protected synchronized void doStop() {
        progress.close();
        lag.close();
    }
}
