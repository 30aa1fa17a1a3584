package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.trace.Traces;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/** The component {@code postgres-sink}. Its parts are in the registry as a {@link Sink}. */
@Component("postgres-sink")
public final class PostgresSinkComponent extends DefaultComponent {
    /** A codec serves one batch at a time; there are as many as batches were ever under way at once. */
    private final Queue<EventCodec> codecs = new ConcurrentLinkedQueue<>();

    private Sink sink;
    private Traces traces;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        PostgresSinkEndpoint endpoint = new PostgresSinkEndpoint(uri, this);
        endpoint.setDataSource(remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        sink = getCamelContext().getRegistry().findSingleByType(Sink.class);
        if (sink == null) {
            throw new IllegalStateException("the component postgres-sink needs a bean of type " + Sink.class.getName()
                    + ", which Sink.bind puts into the registry");
        }
        Traces bound = getCamelContext().getRegistry().findSingleByType(Traces.class);
        traces = bound == null ? Traces.off() : bound;
    }

    Traces traces() {
        return traces;
    }

    Sink sink() {
        return sink;
    }

    EventCodec takeCodec() {
        EventCodec codec = codecs.poll();
        return codec == null ? new EventCodec(sink.schemaRegistry()) : codec;
    }

    void giveBack(EventCodec codec) {
        codecs.add(codec);
    }
}
