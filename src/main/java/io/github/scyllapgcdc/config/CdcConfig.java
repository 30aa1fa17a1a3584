package io.github.scyllapgcdc.config;

/** The whole configuration, read once at start. Camel's own properties ({@code camel.*}) are read by Camel. */
public record CdcConfig(
        ScyllaConfig scylla,
        KafkaConfig kafka,
        RegistryConfig registry,
        PostgresConfig postgres,
        SourceConfig source,
        SinkConfig sink,
        TopicConfig topic,
        RoutesConfig routes,
        WatchdogConfig watchdog,
        ReconcileConfig reconcile,
        ApiConfig api,
        ManagementConfig management,
        TracingConfig tracing) {

    /** The same with another way to Kafka. */
    public CdcConfig with(KafkaConfig other) {
        return new CdcConfig(
                scylla,
                other,
                registry,
                postgres,
                source,
                sink,
                topic,
                routes,
                watchdog,
                reconcile,
                api,
                management,
                tracing);
    }

    /**
     * Reads and checks all of it.
     *
     * @throws ConfigurationException for the first value that is refused
     */
    public static CdcConfig of(Settings settings) {
        // The servers last: their credentials may have to be fetched, and a wrong value need not wait for that
        SourceConfig source = SourceConfig.of(settings);
        SinkConfig sink = SinkConfig.of(settings);
        TopicConfig topic = TopicConfig.of(settings);
        RoutesConfig routes = RoutesConfig.of(settings);
        WatchdogConfig watchdog = WatchdogConfig.of(settings, sink);
        ReconcileConfig reconcile = ReconcileConfig.of(settings);
        TracingConfig tracing = TracingConfig.of(settings);
        return new CdcConfig(
                ScyllaConfig.of(settings),
                KafkaConfig.of(settings),
                RegistryConfig.of(settings),
                PostgresConfig.of(settings),
                source,
                sink,
                topic,
                routes,
                watchdog,
                reconcile,
                ApiConfig.of(settings),
                ManagementConfig.of(settings),
                tracing);
    }
}
