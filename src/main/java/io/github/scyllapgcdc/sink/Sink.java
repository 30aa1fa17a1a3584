package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.config.SinkConfig;
import io.github.scyllapgcdc.config.TopicConfig;
import io.github.scyllapgcdc.deadletter.DeadLetterHttp;
import io.github.scyllapgcdc.deadletter.DeadLetterQueue;
import io.github.scyllapgcdc.deadletter.DeadLetterRequests;
import io.github.scyllapgcdc.metrics.Meters;
import io.github.scyllapgcdc.registry.SchemaRegistry;
import io.github.scyllapgcdc.schema.ValuePolicy;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;

/** The sink's parts, which its component and its routes share. */
public final class Sink {
    /** The name of the Kafka component that has the settings a sink's consumer must have. */
    public static final String KAFKA_COMPONENT = "kafka-sink";

    private final SchemaRegistry schemaRegistry;
    private final TargetTables tables;
    private final Errors errors;
    private final Assignments assignments = new Assignments();
    private final DeadLetterQueue deadLetters;
    private final Refreshes refreshes;
    private final SinkConfig config;
    private final Meters meters;

    private Sink(
            SinkConfig config,
            SchemaRegistry schemaRegistry,
            DeadLetterQueue deadLetters,
            Refreshes refreshes,
            Meters meters) {
        this.schemaRegistry = schemaRegistry;
        this.tables = new TargetTables(config, meters);
        this.errors = new Errors(tables);
        this.deadLetters = deadLetters;
        this.refreshes = refreshes;
        this.config = config;
        this.meters = meters;
    }

    /**
     * Makes the parts and binds what routes and components look up: {@code sink}, {@code sinkRetry}, {@code sinkOffsets}, {@code sinkUpkeep},
     * {@code deadLetters} and {@code subscribeAdapter}. To be called before the context starts.
     *
     * @param dataSource the one the transaction manager uses
     */
    public static void bind(
            CamelContext context,
            SinkConfig config,
            TopicConfig topics,
            KafkaConfig kafka,
            SchemaRegistry schemaRegistry,
            DataSource dataSource) {
        DeadLetterQueue deadLetters = new DeadLetterQueue(context);
        KafkaAdmin admin = new KafkaAdmin(kafka);
        SinkRoutes routes = new SinkRoutes(context);
        addService(context, deadLetters);
        Refreshes refreshes = new Refreshes(kafka, topics, admin);
        addService(context, admin);
        addService(context, refreshes);
        context.addLifecycleStrategy(routes);

        Meters meters = Meters.of(context);
        Sink sink = new Sink(config, schemaRegistry, deadLetters, refreshes, meters);
        SinkRetry retry = new SinkRetry(config, sink.errors, routes);
        FenceAssignment fence =
                new FenceAssignment(dataSource, admin, sink.assignments, new GapPolicy(config, refreshes, meters));
        SinkUpkeep upkeep = new SinkUpkeep(
                dataSource,
                config,
                kafka,
                schemaRegistry,
                sink.tables,
                refreshes,
                new SinkLag(kafka, admin, sink.assignments, routes));
        addService(context, upkeep);
        DeadLetterRequests requests = new DeadLetterRequests(
                kafka, schemaRegistry, refreshes::send, new RawReplay(dataSource, kafka, admin, sink));
        addService(context, requests);
        context.getRegistry().bind(DeadLetterHttp.BEAN, new DeadLetterHttp(requests));
        context.getRegistry().bind("sink", sink);
        context.getRegistry().bind("sinkUpkeep", upkeep);
        context.getRegistry().bind("sinkRetry", retry);
        context.getRegistry().bind("sinkOffsets", new SinkOffsets(sink.assignments, routes));
        context.getRegistry()
                .bind(SinkSubscribeAdapter.BEAN, new SinkSubscribeAdapter(routes, fence, retry, topics, admin, meters));
    }

    /** What becomes of values that Postgres can't hold. */
    public static ValuePolicy policy(SinkConfig config) {
        return TargetTables.policy(config);
    }

    /** Camel starts and stops it with the context. */
    private static void addService(CamelContext context, Service service) {
        try {
            context.addService(service);
        } catch (Exception e) {
            throw new IllegalStateException(service + " cannot be started", e);
        }
    }

    SchemaRegistry schemaRegistry() {
        return schemaRegistry;
    }

    TargetTables tables() {
        return tables;
    }

    Errors errors() {
        return errors;
    }

    Assignments assignments() {
        return assignments;
    }

    DeadLetterQueue deadLetters() {
        return deadLetters;
    }

    Refreshes refreshes() {
        return refreshes;
    }

    Meters meters() {
        return meters;
    }

    SinkConfig config() {
        return config;
    }
}
