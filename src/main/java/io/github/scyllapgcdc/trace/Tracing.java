package io.github.scyllapgcdc.trace;

import io.github.scyllapgcdc.config.TracingConfig;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.opentelemetry.OpenTelemetryTracer;
import org.apache.camel.support.DefaultThreadPoolFactory;

/**
 * The OpenTelemetry SDK, as {@code tracing.*} and the standard variables {@code OTEL_*} say. There is none when tracing is off: then
 * Camel traces nothing either.
 */
public final class Tracing implements AutoCloseable {
    private static final String INSTRUMENTATION = "io.github.scyllapgcdc";
    /** What is still to be exported at the end is waited for no longer than this. */
    private static final long FLUSH_SECONDS = 3;

    private final Optional<OpenTelemetrySdk> sdk;
    private final Traces traces;

    private Tracing(Optional<OpenTelemetrySdk> sdk, Traces traces) {
        this.sdk = sdk;
        this.traces = traces;
    }

    /** Makes what the configuration asks for. Connects to nothing. */
    public static Tracing of(TracingConfig config) {
        if (!config.enabled()) {
            return new Tracing(Optional.empty(), Traces.off());
        }
        ChosenTraceId traceIds = new ChosenTraceId();
        OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(Tracing::defaults)
                .addPropertiesCustomizer(given -> required(config.endpoint()))
                .addTracerProviderCustomizer((provider, properties) -> provider.setIdGenerator(traceIds))
                .addSamplerCustomizer((sampler, properties) -> Sampler.parentBased(new KnownChanges()))
                .addSpanExporterCustomizer((exporter, properties) -> new RedactedSpans(exporter))
                .disableShutdownHook()
                .build()
                .getOpenTelemetrySdk();
        return new Tracing(
                Optional.of(sdk),
                new Traces(sdk.getTracer(INSTRUMENTATION), ChangeSampling.of(config.sampleRatio()), traceIds));
    }

    /** What OTEL_* variables may say otherwise. */
    private static Map<String, String> defaults() {
        return Map.of("otel.service.name", "scylla-pg-cdc", "otel.exporter.otlp.endpoint", "http://127.0.0.1:4318");
    }

    /** What they may not: the exporter that is on board, and nothing but traces. */
    private static Map<String, String> required(Optional<URI> endpoint) {
        Map<String, String> required = new HashMap<>(Map.of(
                "otel.traces.exporter", "otlp",
                "otel.metrics.exporter", "none",
                "otel.logs.exporter", "none",
                "otel.exporter.otlp.protocol", "http/protobuf"));
        endpoint.ifPresent(url -> required.put("otel.exporter.otlp.endpoint", url.toString()));
        return required;
    }

    /**
     * Lets Camel make a span of each batch, and binds the {@link Traces} that source and sink look up. To be called before there is
     * a route.
     */
    public void bind(CamelContext context) {
        context.getRegistry().bind("traces", traces);
        keepThreadPools(context);
        sdk.ifPresent(open -> traceBatches(context, open.getTracer("camel")));
    }

    /**
     * camel-opentelemetry, by being there, puts a factory of thread pools in the place of Camel's own that hands on the current
     * span. Each span here is told its parent, and pools that are wrapped have no MBean.
     */
    private static void keepThreadPools(CamelContext context) {
        DefaultThreadPoolFactory pools = new DefaultThreadPoolFactory();
        pools.setCamelContext(context);
        context.getExecutorServiceManager().setThreadPoolFactory(pools);
    }

    static void traceBatches(CamelContext context, Tracer tracer) {
        OpenTelemetryTracer camel = new OpenTelemetryTracer();
        camel.setTracer(tracer);
        // A batch's trace ends with the batch: in Kafka each record has the trace of its own change, or none
        camel.setContextPropagators(ContextPropagators.noop());
        camel.setSpanCustomizer(new BatchLinks());
        camel.init(context);
    }

    @Override
    public void close() {
        sdk.ifPresent(open -> open.getSdkTracerProvider().shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS));
    }
}
