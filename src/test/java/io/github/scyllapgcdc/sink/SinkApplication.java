package io.github.scyllapgcdc.sink;

import com.zaxxer.hikari.HikariDataSource;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import io.github.scyllapgcdc.status.RouteStatus;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** The sink half of the application in this JVM: the shared routes as they are, and one sink route for each topic. */
final class SinkApplication implements AutoCloseable {
    private static final String ROUTE = """
            - route:
                id: %1$s
                from:
                  uri: kafka-sink:%2$s
                  parameters:
                    groupId: %3$s
                  steps:
                    - process:
                        ref: beforeApply
                    - to:
                        uri: direct:postgres-sink
            """;

    private final Main main = new Main();
    private final Processor beforeApply;
    private HikariDataSource dataSource;

    private SinkApplication(Processor beforeApply) {
        this.beforeApply = beforeApply;
    }

    /** Starts it, with some properties other than application.properties has them. */
    static SinkApplication start(StackEndpoints stack, Path dir, List<String> topics, Map<String, String> overrides)
            throws Exception {
        return start(stack, dir, topics, overrides, batch -> {});
    }

    /** The same, with a step before each batch is applied, in the consumer's thread. */
    static SinkApplication start(
            StackEndpoints stack, Path dir, List<String> topics, Map<String, String> overrides, Processor beforeApply)
            throws Exception {
        SinkApplication application = new SinkApplication(beforeApply);
        Map<String, String> properties = properties(stack, overrides);
        StringBuilder routes =
                new StringBuilder("file:routes/postgres-sink.camel.yaml,file:routes/dead-letter.camel.yaml,"
                        + "file:routes/upkeep.camel.yaml");
        for (String topic : topics) {
            Path file = Files.createDirectories(dir).resolve(topic.replace('.', '-') + ".camel.yaml");
            Files.writeString(file, ROUTE.formatted(routeId(topic), topic, group(topic)));
            routes.append(",file:").append(file);
        }
        application.main.configure().withRoutesIncludePattern(routes.toString());
        application.main.setDefaultPropertyPlaceholderLocation("false");
        properties.forEach(application.main::addInitialProperty);
        application.main.addMainListener(application.new Wiring(CdcConfig.of(Settings.of(properties))));
        application.main.start();
        return application;
    }

    static String routeId(String topic) {
        return "sink-" + topic;
    }

    static String group(String topic) {
        return "postgres-sink-" + topic;
    }

    CamelContext context() {
        return main.getCamelContext();
    }

    SinkStatus status(String topic) {
        return context().getRegistry().lookupByNameAndType(RouteStatus.bean(routeId(topic)), SinkStatus.class);
    }

    @Override
    public void close() {
        main.stop();
        if (dataSource != null) {
            dataSource.close();
        }
    }

    private static Map<String, String> properties(StackEndpoints stack, Map<String, String> overrides)
            throws IOException {
        Properties file = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("application.properties"), StandardCharsets.UTF_8)) {
            file.load(reader);
        }
        Map<String, String> properties = new HashMap<>();
        for (String name : file.stringPropertyNames()) {
            if (name.startsWith("sink.") || name.startsWith("camel.component.kafka-sink.")) {
                properties.put(name, file.getProperty(name));
            }
        }
        properties.put("kafka.bootstrap.servers", stack.kafkaBootstrap());
        properties.put("schema.registry.url", stack.registryUrl());
        properties.put("postgres.url", stack.postgresUrl());
        properties.put("postgres.username", stack.postgresUser());
        properties.put("postgres.password", stack.postgresPassword());
        properties.put("camel.main.shutdownTimeout", "12");
        properties.put("sink.upkeep.interval.ms", "200");
        properties.putAll(overrides);
        return properties;
    }

    private final class Wiring extends MainListenerSupport {
        private final CdcConfig config;

        Wiring(CdcConfig config) {
            this.config = config;
        }

        @Override
        public void beforeInitialize(BaseMainSupport main) {
            main.getCamelContext().addComponent(Sink.KAFKA_COMPONENT, new KafkaComponent());
        }

        @Override
        public void afterConfigure(BaseMainSupport main) {
            dataSource = PostgresDataSource.create(config.postgres(), config.sink());
            CamelContext context = main.getCamelContext();
            context.getRegistry().bind("beforeApply", Processor.class, beforeApply);
            context.getRegistry().bind("dataSource", dataSource);
            context.getRegistry().bind("transactionManager", new DataSourceTransactionManager(dataSource));
            Sink.bind(
                    context,
                    config.sink(),
                    config.topic(),
                    config.kafka(),
                    new ConfluentRegistry(config.registry().url(), Login.none(), Optional.empty()),
                    dataSource);
        }
    }
}
