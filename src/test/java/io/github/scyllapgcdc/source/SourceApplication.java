package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The source half of the application, with the repository's application.properties, against the test stack. */
final class SourceApplication implements AutoCloseable {
    private final Main main = new Main();
    private final CdcConfig config;
    private final ScyllaSession session;
    private final InstantSource clock;

    SourceApplication(StackEndpoints stack, Map<String, String> overrides) throws Exception {
        this(stack, overrides, InstantSource.system());
    }

    /** With a clock that is not the system's. */
    SourceApplication(StackEndpoints stack, Map<String, String> overrides, InstantSource clock) throws Exception {
        this.clock = clock;
        Map<String, String> properties = properties(stack, overrides);
        config = CdcConfig.of(Settings.of(properties));
        session = new ScyllaSession(config.scylla());
        properties.forEach(main::addInitialProperty);
        main.setDefaultPropertyPlaceholderLocation("false");
        main.addMainListener(new Beans());
        main.start();
    }

    /** Adds the only source route of a table and starts it. */
    String add(TableId table, String options) throws Exception {
        return add(table, 0, 1, options, "transactionalId: scylla-source-" + table + "-0");
    }

    /** Adds the only source route of a table, with a step that runs when a batch was sent and is about to be committed. */
    String add(TableId table, String options, Processor beforeCommit) throws Exception {
        context().getRegistry().bind("beforeCommit", Processor.class, beforeCommit);
        return add(
                table,
                0,
                1,
                options,
                "transactionalId: scylla-source-" + table + "-0",
                "        - process: { ref: beforeCommit }\n");
    }

    /** Adds one of the source routes of a table and starts it. */
    String add(TableId table, int task, int tasks, String options, String kafkaOptions) throws Exception {
        return add(table, task, tasks, options, kafkaOptions, "");
    }

    private String add(TableId table, int task, int tasks, String options, String kafkaOptions, String lastStep)
            throws Exception {
        String id = "scylla-source-" + table.name() + (task == 0 ? "" : "-" + task);
        String yaml =
                """
                - route:
                    id: %1$s
                    description: Changes of %2$s
                    from:
                      uri: scylla-cdc:%2$s
                      parameters: { task: %3$d, tasks: %4$d, confidenceWindow: 200ms, pollInterval: 50ms%5$s }
                      steps:
                        - to:
                            uri: kafka-source:%2$s
                            parameters: { %6$s }
                """.formatted(id, table, task, tasks, options.isEmpty() ? "" : ", " + options, kafkaOptions) + lastStep;
        PluginHelper.getRoutesLoader(context()).loadRoutes(ResourceHelper.fromString(id + ".camel.yaml", yaml));
        return id;
    }

    /** Adds one of several tasks. */
    String addTask(TableId table, int task, int tasks) throws Exception {
        return add(table, task, tasks, "", "transactionalId: scylla-source-" + table + "-" + task);
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    SourceStatus status(String routeId) {
        return ((ScyllaCdcConsumer) context().getRoute(routeId).getConsumer()).status();
    }

    @Override
    public void close() {
        main.stop();
        session.close();
    }

    static Map<String, String> properties(StackEndpoints stack, Map<String, String> overrides) throws IOException {
        Properties file = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("application.properties"), StandardCharsets.UTF_8)) {
            file.load(reader);
        }
        Map<String, String> properties = new HashMap<>();
        for (String name : file.stringPropertyNames()) {
            if (Stream.of("source.", "topic.", "camel.component.kafka-source.").anyMatch(name::startsWith)) {
                properties.put(name, file.getProperty(name));
            }
        }
        properties.put("scylla.contact-points", stack.scyllaHost() + ":" + stack.scyllaPort());
        properties.put("scylla.local-datacenter", stack.scyllaDatacenter());
        properties.put("kafka.bootstrap.servers", stack.kafkaBootstrap());
        properties.put("schema.registry.url", stack.registryUrl());
        properties.put("camel.main.shutdownTimeout", "12");
        // These tests count what the log gives; those of the load ask for it, with snapshot in the route's address
        properties.put("source.snapshot", "never");
        properties.putAll(overrides);
        return properties;
    }

    private final class Beans extends MainListenerSupport {
        @Override
        public void beforeInitialize(BaseMainSupport camelMain) {
            camelMain.getCamelContext().addComponent("kafka-source", new KafkaComponent());
        }

        @Override
        public void afterConfigure(BaseMainSupport camelMain) {
            CamelContext context = camelMain.getCamelContext();
            context.getRegistry().bind("clock", InstantSource.class, clock);
            context.getRegistry().bind("cdcConfig", config);
            context.getRegistry().bind("scyllaSession", session);
            context.getRegistry()
                    .bind(
                            "schemaRegistry",
                            new ConfluentRegistry(config.registry().url(), Login.none(), Optional.empty()));
        }
    }
}
