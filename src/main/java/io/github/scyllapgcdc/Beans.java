package io.github.scyllapgcdc;

import com.datastax.oss.driver.api.core.CqlSession;
import com.zaxxer.hikari.HikariDataSource;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.probe.LatencyProbe;
import io.github.scyllapgcdc.reconcile.Reconciliations;
import io.github.scyllapgcdc.reconcile.route.ReconcileRoutes;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import io.github.scyllapgcdc.sink.PostgresDataSource;
import io.github.scyllapgcdc.sink.Sink;
import io.github.scyllapgcdc.sink.SinkBacklog;
import io.github.scyllapgcdc.source.ScyllaSession;
import io.github.scyllapgcdc.trace.Tracing;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/**
 * What routes and components look up by name or type. None of it connects when it is made: a server that is down is
 * waited for later.
 */
final class Beans implements AutoCloseable {

    final ScyllaSession scylla;
    final ConfluentRegistry schemaRegistry;
    final HikariDataSource dataSource;
    private final HikariDataSource readers;
    private final SinkBacklog backlog;
    private final Tracing tracing;

    Beans(CdcConfig config) {
        scylla = new ScyllaSession(config.scylla());
        schemaRegistry = new ConfluentRegistry(
                config.registry().url(),
                config.registry().login(),
                Optional.of(config.registry().tls().context()));
        dataSource = PostgresDataSource.create(config.postgres(), config.sink());
        readers = PostgresDataSource.createForReaders(config.postgres(), config.sink());
        backlog = new SinkBacklog(config.kafka(), readers);
        tracing = Tracing.of(config.tracing());
    }

    void bind(CamelContext context, CdcConfig config) throws Exception {
        Registry registry = context.getRegistry();
        registry.bind("config", config);
        tracing.bind(context);
        registry.bind("scyllaSession", scylla);
        registry.bind("scylla", CqlSession.class, scylla::get);
        registry.bind("schemaRegistry", schemaRegistry);
        registry.bind("dataSource", dataSource);
        registry.bind("transactionManager", new DataSourceTransactionManager(dataSource));
        registry.bind(
                LatencyProbe.BEAN,
                new LatencyProbe(scylla, readers, config.sink().tableNameFormat()));
        Sink.bind(context, config.sink(), config.topic(), config.kafka(), schemaRegistry, dataSource);
        ReconcileRoutes routes = new ReconcileRoutes(context, config.kafka(), config.topic());
        Reconciliations reconciliations = new Reconciliations(config, scylla, schemaRegistry, readers, routes);
        context.addService(reconciliations);
        context.addService(backlog);
        routes.bind(reconciliations);
    }

    /** The pools of connections to PostgreSQL. */
    List<HikariDataSource> pools() {
        return List.of(dataSource, readers);
    }

    /** How far the sinks are behind. */
    SinkBacklog backlog() {
        return backlog;
    }

    @Override
    public void close() {
        readers.close();
        dataSource.close();
        scylla.close();
        tracing.close();
    }
}
