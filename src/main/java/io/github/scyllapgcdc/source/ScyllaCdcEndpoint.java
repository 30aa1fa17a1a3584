package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import io.github.scyllapgcdc.config.Snapshot;
import io.github.scyllapgcdc.config.SourceConfig;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.source.checkpoint.TaskShare;
import io.github.scyllapgcdc.source.log.ConfidenceWindow;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Publish the changes of a ScyllaDB table, from its CDC log, to Kafka exactly once.
 *
 * Each exchange is one batch: a list of messages, changes and the checkpoints they complete, for a single kafka node that
 * sends them in one transaction.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "scylla-cdc",
        title = "ScyllaDB CDC",
        syntax = "scylla-cdc:table",
        category = {Category.DATABASE, Category.BIGDATA},
        consumerOnly = true)
public class ScyllaCdcEndpoint extends DefaultEndpoint {
    /** Well below the producer's buffer.memory of 32 MiB. */
    private static final int DEFAULT_BATCH_BYTES = 8 * 1024 * 1024;

    @UriPath(description = "The table, as keyspace.table")
    @Metadata(required = true)
    private final String table;

    @UriParam(
            defaultValue = "0",
            description = "Which of the table's tasks this route is, counted from 0. Its producer must have the "
                    + "transactionalId scylla-source-keyspace.table-task")
    private int task;

    @UriParam(
            defaultValue = "1",
            description =
                    "How many tasks, each a route of its own, share the table's stream groups. To change it, change "
                            + "it in every one of them; none reads before all have been started anew")
    private int tasks = 1;

    @UriParam(
            label = "advanced",
            description = "Most changes of one Kafka transaction. Default: the property source.batch.size")
    private Integer batchSize;

    @UriParam(
            label = "advanced",
            defaultValue = "8388608",
            description = "Most bytes of one Kafka transaction, before compression")
    private int batchBytes = DEFAULT_BATCH_BYTES;

    @UriParam(
            label = "advanced",
            description = "How long a begun batch waits for more. Default: the property source.batch.linger.ms")
    private Duration batchLinger;

    @UriParam(
            description = "Pause between looks at a log that had nothing new. Default: the property "
                    + "source.poll.interval.ms")
    private Duration pollInterval;

    @UriParam(
            description =
                    "Nothing newer than now minus this is final. Default: the property source.confidence-window.ms, "
                            + "or else ScyllaDB's write timeout of 2 s and the allowed clock skew together")
    private Duration confidenceWindow;

    @UriParam(
            label = "advanced",
            description = "Log queries under way at once. Default: the property source.read.parallelism")
    private Integer readParallelism;

    @UriParam(label = "advanced", description = "Log rows of one page. Default: the property source.read.page-size")
    private Integer pageSize;

    @UriParam(
            label = "advanced",
            defaultValue = "QUORUM",
            enums = "ONE,TWO,THREE,QUORUM,LOCAL_QUORUM,ALL",
            description = "Consistency level of the log's queries. It must see every write that was acknowledged, or "
                    + "changes are missed")
    private String consistency = "QUORUM";

    @UriParam(
            description =
                    "Whether the rows that the table had before it was first published are loaded first: INITIAL or "
                            + "NEVER. A load that has begun is finished in any case. Default: the property source.snapshot")
    private Snapshot snapshot;

    @UriParam(
            label = "advanced",
            defaultValue = "STOP",
            description =
                    "What to do when changes were lost outside: the log's TTL passed before they were read, or the "
                            + "topic was deleted, replaced or given another number of partitions. STOP: stop the table and say "
                            + "so. CONTINUE: say so and go on with what is left. RELOAD: say so and load the "
                            + "table again, except for another number of partitions, which stops it")
    private LossPolicy onLoss = LossPolicy.STOP;

    private SourceStatus taskStatus;

    ScyllaCdcEndpoint(String uri, ScyllaCdcComponent component, String table) {
        super(uri, component);
        this.table = table;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException(
                "scylla-cdc:" + table + " can only be read from: ScyllaDB is the source");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ScyllaCdcConsumer consumer = new ScyllaCdcConsumer(this, processor, options());
        configureConsumer(consumer);
        return consumer;
    }

    /** What the task of a route that reads from here tells about itself; of the same object over restarts of the route. */
    synchronized SourceStatus status(String routeId) {
        if (taskStatus == null || !taskStatus.routeId().equals(routeId)) {
            taskStatus = new SourceStatus(routeId);
        }
        return taskStatus;
    }

    @Override
    public ScyllaCdcComponent getComponent() {
        return (ScyllaCdcComponent) super.getComponent();
    }

    private SourceOptions options() {
        SourceConfig config = getComponent().config().source();
        Duration window = Optional.ofNullable(confidenceWindow)
                .or(config::confidenceWindow)
                .orElse(ConfidenceWindow.WRITE_TIMEOUT.plus(config.maxClockSkew()));
        return new SourceOptions(
                TableId.parse(table),
                new TaskShare(task, tasks),
                Optional.ofNullable(batchSize).orElse(config.batchSize()),
                batchBytes,
                Optional.ofNullable(batchLinger).orElse(config.batchLinger()),
                Optional.ofNullable(pollInterval).orElse(config.pollInterval()),
                window,
                config.maxClockSkew(),
                Optional.ofNullable(readParallelism).orElse(config.readParallelism()),
                Optional.ofNullable(pageSize).orElse(config.pageSize()),
                DefaultConsistencyLevel.valueOf(consistency),
                Optional.ofNullable(snapshot).orElse(config.snapshot()),
                onLoss);
    }

    public String getTable() {
        return table;
    }

    public int getTask() {
        return task;
    }

    public void setTask(int task) {
        this.task = task;
    }

    public int getTasks() {
        return tasks;
    }

    public void setTasks(int tasks) {
        this.tasks = tasks;
    }

    public Integer getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(Integer batchSize) {
        this.batchSize = batchSize;
    }

    public int getBatchBytes() {
        return batchBytes;
    }

    public void setBatchBytes(int batchBytes) {
        this.batchBytes = batchBytes;
    }

    public Duration getBatchLinger() {
        return batchLinger;
    }

    public void setBatchLinger(Duration batchLinger) {
        this.batchLinger = batchLinger;
    }

    public Duration getPollInterval() {
        return pollInterval;
    }

    public void setPollInterval(Duration pollInterval) {
        this.pollInterval = pollInterval;
    }

    public Duration getConfidenceWindow() {
        return confidenceWindow;
    }

    public void setConfidenceWindow(Duration confidenceWindow) {
        this.confidenceWindow = confidenceWindow;
    }

    public Integer getReadParallelism() {
        return readParallelism;
    }

    public void setReadParallelism(Integer readParallelism) {
        this.readParallelism = readParallelism;
    }

    public Integer getPageSize() {
        return pageSize;
    }

    public void setPageSize(Integer pageSize) {
        this.pageSize = pageSize;
    }

    public String getConsistency() {
        return consistency;
    }

    public void setConsistency(String consistency) {
        this.consistency = consistency;
    }

    public Snapshot getSnapshot() {
        return snapshot;
    }

    public void setSnapshot(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    public LossPolicy getOnLoss() {
        return onLoss;
    }

    public void setOnLoss(LossPolicy onLoss) {
        this.onLoss = onLoss;
    }
}
