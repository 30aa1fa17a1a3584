package io.github.scyllapgcdc;

import com.zaxxer.hikari.HikariDataSource;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.config.TrustStore;
import io.github.scyllapgcdc.reconcile.Reconciliations;
import io.github.scyllapgcdc.reconcile.route.ReconcileRoutes;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import io.github.scyllapgcdc.sink.PostgresDataSource;
import io.github.scyllapgcdc.sink.Sink;
import io.github.scyllapgcdc.source.ScyllaSession;
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

    Beans(CdcConfig config) {
        scylla = new ScyllaSession(config.scylla());
        schemaRegistry = new ConfluentRegistry(
                config.registry().url(),
                config.registry().login(),
                config.registry().trustStore().map(TrustStore::sslContext));
        dataSource = PostgresDataSource.create(config.postgres(), config.sink());
        readers = PostgresDataSource.createForReaders(config.postgres(), config.sink());
    }

    void bind(CamelContext context, CdcConfig config) throws Exception {
        Registry registry = context.getRegistry();
        registry.bind("config", config);
        registry.bind("scyllaSession", scylla);
        registry.bind("schemaRegistry", schemaRegistry);
        registry.bind("dataSource", dataSource);
        registry.bind("transactionManager", new DataSourceTransactionManager(dataSource));
        Sink.bind(context, config.sink(), config.topic(), config.kafka(), schemaRegistry, dataSource);
        ReconcileRoutes routes = new ReconcileRoutes(context, config.kafka(), config.topic());
        Reconciliations reconciliations = new Reconciliations(config, scylla, schemaRegistry, readers, routes);
        context.addService(reconciliations);
        routes.bind(reconciliations);
    }

    @Override
    public void close() {
        readers.close();
        dataSource.close();
        scylla.close();
    }
}
