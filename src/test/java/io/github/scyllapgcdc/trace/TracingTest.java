package io.github.scyllapgcdc.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.config.TracingConfig;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.tracing.Tracer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void camelTracesOnlyWhereTracingIsOnAndItsThreadPoolsAreItsOwn(boolean enabled) throws Exception {
        // nothing listens there, and nothing is to be sent
        URI endpoint = URI.create("http://127.0.0.1:1");
        try (CamelContext context = new DefaultCamelContext();
                Tracing tracing = Tracing.of(new TracingConfig(enabled, Optional.of(endpoint), 0.5))) {
            tracing.bind(context);
            context.start();

            assertThat(context.getRegistry().findSingleByType(Traces.class).on())
                    .isEqualTo(enabled);
            assertThat(context.hasService(Tracer.class) != null).isEqualTo(enabled);
            assertThat(context.getExecutorServiceManager().newFixedThreadPool(this, "test", 1))
                    .isInstanceOf(ThreadPoolExecutor.class);
        }
    }
}
