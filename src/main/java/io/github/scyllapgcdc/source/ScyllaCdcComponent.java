package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.registry.SchemaRegistry;
import io.github.scyllapgcdc.trace.Traces;
import java.time.InstantSource;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * Makes {@code scylla-cdc:} endpoints. The configuration, the session with ScyllaDB and the schema registry are found in
 * Camel's registry by their types.
 */
@Component("scylla-cdc")
public class ScyllaCdcComponent extends DefaultComponent {
    private RouteRestarts restarts;

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        TableId.parse(remaining); // refuses what is no table before anything is connected
        ScyllaCdcEndpoint endpoint = new ScyllaCdcEndpoint(uri, this, remaining);
        setProperties(endpoint, parameters);
        return endpoint;
    }

    CdcConfig config() {
        return bean(CdcConfig.class);
    }

    ScyllaSession session() {
        return bean(ScyllaSession.class);
    }

    SchemaRegistry registry() {
        return bean(SchemaRegistry.class);
    }

    /** The clock of Camel's registry, or else the system's. */
    InstantSource clock() {
        InstantSource clock = getCamelContext().getRegistry().findSingleByType(InstantSource.class);
        return clock == null ? InstantSource.system() : clock;
    }

    /** The application's traces; none where nothing was bound. */
    Traces traces() {
        Traces traces = getCamelContext().getRegistry().findSingleByType(Traces.class);
        return traces == null ? Traces.off() : traces;
    }

    RouteRestarts restarts() {
        return restarts;
    }

    private <T> T bean(Class<T> type) {
        T bean = getCamelContext().getRegistry().findSingleByType(type);
        if (bean == null) {
            throw new IllegalStateException("scylla-cdc: needs one bean of type " + type.getName()
                    + " in Camel's registry; start the routes with the application itself");
        }
        return bean;
    }

    @Override
    protected void doStart() throws Exception {
        restarts = new RouteRestarts(getCamelContext());
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        if (restarts != null) {
            restarts.close();
        }
    }
}
