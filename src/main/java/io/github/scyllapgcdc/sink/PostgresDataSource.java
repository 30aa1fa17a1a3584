package io.github.scyllapgcdc.sink;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.config.PostgresConfig;
import io.github.scyllapgcdc.config.SinkConfig;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.fault.ServerBreaker;
import io.github.scyllapgcdc.fault.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;

/**
 * The pool of Postgres connections. Whatever happens to this process, no connection of it holds a lock for longer than half of
 * {@code sink.max.poll.interval.ms}, so that an instance that takes over is not kept waiting by a frozen one; where the server
 * looks after its connections, one that died keeps nobody waiting.
 */
public final class PostgresDataSource extends HikariDataSource {
    private static final int CONNECTIONS = 16;
    private static final int READERS = 16;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /**
     * Has a backend look every 2 s, while it works on a statement or waits for a lock, whether there is still somebody to answer to.
     * PostgreSQL 14 and later can, on Linux; others refuse the setting.
     */
    private static final String CHECK_CONNECTION = """
            SELECT set_config(name, '2000', false) FROM pg_settings
            WHERE name = 'client_connection_check_interval' AND version() LIKE '%linux%'""";

    private final ServerBreaker breaker;
    private final Login login;

    private PostgresDataSource(HikariConfig config, PostgresConfig postgres) {
        super(config);
        breaker = new ServerBreaker(
                "Postgres at " + postgres.address(), e -> e instanceof SQLException && !isExhausted());
        login = postgres.login();
        // a connection that is in use is closed when its transaction is over
        login.onChange(() -> getHikariPoolMXBean().softEvictConnections());
    }

    /** Whether all connections are in use, which says nothing of the server. */
    private boolean isExhausted() {
        return getHikariPoolMXBean().getActiveConnections() >= getMaximumPoolSize();
    }

    /**
     * The sink's pool, which connects when it is used first. It takes part in Spring's transactions where it is asked through {@code
     * DataSourceUtils} or wrapped in a {@code TransactionAwareDataSourceProxy}; the transaction manager gets the pool itself.
     */
    public static HikariDataSource create(PostgresConfig postgres, SinkConfig sink) {
        HikariConfig config =
                config("postgres", postgres, sink, sink.maxPollInterval().dividedBy(2));
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        return new PostgresDataSource(config, postgres);
    }

    /** A pool for those who read a lot, whose statements take as long as they take. It keeps no connection for nothing. */
    public static HikariDataSource createForReaders(PostgresConfig postgres, SinkConfig sink) {
        HikariConfig config = config("postgres-readers", postgres, sink, Duration.ZERO);
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(0);
        return new PostgresDataSource(config, postgres);
    }

    private static HikariConfig config(
            String name, PostgresConfig postgres, SinkConfig sink, Duration statementTimeout) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        // By name, since where Camel loads this application's classes with a loader of its own the JDBC drivers are not
        // found
        config.setDriverClassName("org.postgresql.Driver");
        config.setJdbcUrl(postgres.url());
        if (postgres.login().current().isPresent()) {
            config.setCredentialsProvider(() -> current(postgres.login()));
        }
        config.setConnectionTimeout(CONNECT_TIMEOUT.toMillis());
        // a server that is down is waited for where it is needed, not died of here
        config.setInitializationFailTimeout(-1);
        long limit = sink.maxPollInterval().dividedBy(2).toMillis();
        // keys and values that cdc_metadata keeps as text have to be the same text from every instance
        config.setConnectionInitSql("""
                SET idle_in_transaction_session_timeout = %1$d;
                SET statement_timeout = %3$d;
                SET lock_timeout = %2$d;
                SET tcp_user_timeout = %1$d;
                SET TimeZone = 'UTC';
                SET DateStyle = 'ISO';
                SET IntervalStyle = 'postgres';
                SET bytea_output = 'hex';
                SET plan_cache_mode = force_generic_plan;
                %4$s""".formatted(limit, limit / 2, statementTimeout.toMillis(), CHECK_CONNECTION));
        config.addDataSourceProperty("ApplicationName", "scylla-pg-cdc");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // as text: the driver passes over a property that is a number, without a word
        config.addDataSourceProperty("connectTimeout", Long.toString(CONNECT_TIMEOUT.toSeconds()));
        // the statement timeout fires first, unless the server is frozen or gone
        config.addDataSourceProperty("socketTimeout", Long.toString(Math.max(1, (limit + limit / 4) / 1000)));
        // the statements are few and recur: planned once, and with a generic plan, which takes the arrays for short and
        // so
        // finds rows by index rather than by reading the table
        config.addDataSourceProperty("prepareThreshold", "1");
        return config;
    }

    private static Credentials current(Login login) {
        return login.current()
                .map(user -> Credentials.of(user.username(), user.password()))
                .orElseGet(() -> Credentials.of(null, null));
    }

    /** A connection, which whoever takes it closes; at once an exception while the server is left alone, being down. */
    @Override
    public Connection getConnection() throws SQLException {
        return breaker.call(this::connect, SQLTransientConnectionException::new);
    }

    private Connection connect() throws SQLException {
        try {
            return super.getConnection();
        } catch (SQLException e) {
            if (ErrorTaxonomy.sqlState(e).filter(SqlStates::isRefusedLogin).isPresent()) {
                login.doubt();
            }
            throw e;
        }
    }
}
