package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.status.RouteStatus;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/**
 * Runs one source task in a thread of its own from the route's start to its stop. Camel starts the route's producer before
 * this, and the order matters: the new producer settles the old one's transaction, and only then are checkpoints read back.
 */
public class ScyllaCdcConsumer extends DefaultConsumer implements RouteStatus {
    private static final long STOP_SECONDS = 15;

    private final SourceOptions options;
    private SourceTask task;
    private ExecutorService executor;
    private Future<?> running;

    ScyllaCdcConsumer(ScyllaCdcEndpoint endpoint, Processor processor, SourceOptions options) {
        super(endpoint, processor);
        this.options = options;
    }

    @Override
    public ScyllaCdcEndpoint getEndpoint() {
        return (ScyllaCdcEndpoint) super.getEndpoint();
    }

    /** What this task tells about itself; outlives this consumer, of which each start of the route makes a new one. */
    public SourceStatus status() {
        return getEndpoint().status(getRouteId());
    }

    SourceOptions options() {
        return options;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        Supervision supervision = new Supervision(this, status());
        supervision.starting();
        task = new SourceTask(this, status(), supervision);
        executor = getEndpoint()
                .getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadExecutor(
                        this,
                        "scylla-cdc-" + options.table() + '-' + options.share().task());
        running = executor.submit(task);
    }

    @Override
    protected void doStop() throws Exception {
        if (task != null) {
            task.stop();
            executor.shutdown();
            if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                running.cancel(
                        true); // hangs in a call to Kafka or ScyllaDB; whatever it was sending is read back later
            }
            task = null;
        }
        super.doStop();
    }

    @Override
    public String routeId() {
        return getRouteId();
    }

    @Override
    public boolean up() {
        return status().up();
    }

    @Override
    public String detail() {
        return status().detail();
    }

    @Override
    public long failures() {
        return status().failures();
    }

    @Override
    public OptionalLong progress() {
        return status().progress();
    }

    @Override
    public long changes() {
        return status().changes();
    }

    @Override
    public long deadLetters() {
        return status().deadLetters();
    }

    @Override
    public OptionalLong lagMillis() {
        return status().lagMillis();
    }

    @Override
    public Map<String, Object> figures() {
        return status().figures();
    }
}
