package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.metrics.Meters;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultProducer;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Applies one batch on the connection of the transaction that the route has begun. */
final class PostgresSinkProducer extends DefaultProducer {
    private final PostgresSinkComponent component;
    private final String dataSourceName;
    private DataSource dataSource;

    PostgresSinkProducer(PostgresSinkEndpoint endpoint) {
        super(endpoint);
        this.component = endpoint.getComponent();
        this.dataSourceName = endpoint.getDataSource();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        DataSource bean =
                CamelContextHelper.mandatoryLookup(getEndpoint().getCamelContext(), dataSourceName, DataSource.class);
        dataSource = bean instanceof TransactionAwareDataSourceProxy proxy ? proxy.getTargetDataSource() : bean;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            if (!DataSourceUtils.isConnectionTransactional(connection, dataSource)) {
                throw new IllegalStateException("postgres-sink runs within a transaction on the bean \""
                        + dataSourceName + "\" only: put it into \"transacted\"");
            }
            SinkTrace trace = SinkTrace.of(exchange, component.traces());
            exchange.setProperty(SinkProperties.RESULT, trace.apply(() -> apply(Batch.of(exchange), connection)));
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private BatchApplier.Result apply(Batch batch, Connection connection) throws SQLException {
        Sink sink = component.sink();
        sink.assignments().begin(batch);
        EventCodec codec = component.takeCodec();
        try {
            BatchApplier applier = new BatchApplier(connection, codec, sink, batch);
            TransactionSynchronizationManager.registerSynchronization(
                    new Completion(sink.tables(), sink.meters(), applier));
            return applier.apply(sink.deadLetters(), sink.refreshes());
        } finally {
            component.giveBack(codec);
        }
    }

    /** Tables that a transaction created are not there if it did not commit; what it did counts only if it did. */
    private static final class Completion implements TransactionSynchronization {
        private final TargetTables tables;
        private final Meters meters;
        private final BatchApplier applier;
        private long committingNanos;

        private Completion(TargetTables tables, Meters meters, BatchApplier applier) {
            this.tables = tables;
            this.meters = meters;
            this.applier = applier;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            committingNanos = System.nanoTime();
        }

        @Override
        public void afterCompletion(int status) {
            if (status != STATUS_COMMITTED) {
                tables.forget();
                return;
            }
            long nanos = System.nanoTime() - committingNanos;
            applier.measured().forEach((topic, changes) -> meters.sink(topic).committed(changes, nanos));
        }
    }
}
