package io.github.scyllapgcdc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.config.TrustStore;
import io.github.scyllapgcdc.registry.ConfluentRegistry;
import io.github.scyllapgcdc.source.ScyllaSession;
import java.util.Locale;
import org.apache.camel.spi.Registry;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/**
 * What routes and components look up by name or type. None of it connects when it is made: a server that is down is
 * waited for later.
 */
final class Beans implements AutoCloseable {
    private static final int POOL_SIZE = 16;
    private static final long CONNECTION_TIMEOUT_MS = 5_000;

    final ScyllaSession scylla;
    final ConfluentRegistry schemaRegistry;
    final HikariDataSource dataSource;

    Beans(CdcConfig config) {
        scylla = new ScyllaSession(config.scylla());
        schemaRegistry = new ConfluentRegistry(
                config.registry().url(),
                config.registry()
                        .credentials()
                        .map(login -> new ConfluentRegistry.Credentials(login.username(), login.password())),
                config.registry().trustStore().map(TrustStore::sslContext));
        dataSource = pool(config);
    }

    void bind(Registry registry, CdcConfig config) {
        registry.bind("config", config);
        registry.bind("scyllaSession", scylla);
        registry.bind("schemaRegistry", schemaRegistry);
        registry.bind("dataSource", dataSource);
        registry.bind("transactionManager", new DataSourceTransactionManager(dataSource));
    }

    private static HikariDataSource pool(CdcConfig config) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("postgres");
        pool.setJdbcUrl(config.postgres().url());
        config.postgres().credentials().ifPresent(login -> {
            pool.setUsername(login.username());
            pool.setPassword(login.password());
        });
        pool.setMaximumPoolSize(POOL_SIZE);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        pool.setInitializationFailTimeout(-1);
        pool.setAutoCommit(true);
        // A frozen sink must not hold its row locks when Kafka has given its partitions to another
        long limit = config.sink().maxPollInterval().toMillis() / 2;
        pool.addDataSourceProperty(
                "options",
                String.format(
                        Locale.ROOT,
                        "-c statement_timeout=%d -c idle_in_transaction_session_timeout=%d -c lock_timeout=%d",
                        limit,
                        limit,
                        limit));
        pool.addDataSourceProperty("ApplicationName", "scylla-pg-cdc");
        pool.addDataSourceProperty("connectTimeout", "5");
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        pool.addDataSourceProperty("socketTimeout", String.valueOf(limit / 1000 + 5));
        return new HikariDataSource(pool);
    }

    @Override
    public void close() {
        dataSource.close();
        scylla.close();
    }
}
