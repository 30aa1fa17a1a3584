package io.github.scyllapgcdc.sink;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Applies batches of change events to PostgreSQL tables, exactly once.
 *
 * <p>Takes the batches of a Kafka consumer ({@code batching=true}) within a Spring transaction: rows and the offsets they
 * came from are committed together.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "postgres-sink",
        title = "Postgres Sink",
        syntax = "postgres-sink:dataSource",
        producerOnly = true,
        category = {Category.DATABASE},
        remote = true)
public final class PostgresSinkEndpoint extends DefaultEndpoint {
    @UriPath
    @Metadata(required = true, description = "Name of the DataSource bean, the one that the transaction manager uses")
    private String dataSource;

    public PostgresSinkEndpoint(String uri, PostgresSinkComponent component) {
        super(uri, component);
    }

    @Override
    public Producer createProducer() {
        return new PostgresSinkProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("postgres-sink is no source of messages: use it in \"to\"");
    }

    @Override
    public PostgresSinkComponent getComponent() {
        return (PostgresSinkComponent) super.getComponent();
    }

    @Override
    public boolean isSingleton() {
        return true;
    }

    public String getDataSource() {
        return dataSource;
    }

    public void setDataSource(String dataSource) {
        this.dataSource = dataSource;
    }
}
