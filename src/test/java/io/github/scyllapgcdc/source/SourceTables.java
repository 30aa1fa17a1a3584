package io.github.scyllapgcdc.source;

import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.event.TableId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Tables of one integration test class, in a keyspace of its own. */
final class SourceTables implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int IN_FLIGHT = 200;

    private final String keyspace;
    private final StackEndpoints stack;
    private final CqlSession cql;

    SourceTables(String keyspace) {
        this.keyspace = keyspace;
        stack = TestStack.get().endpoints();
        cql = CqlSession.builder()
                .addContactPoint(new InetSocketAddress(stack.scyllaHost(), stack.scyllaPort()))
                .withLocalDatacenter(stack.scyllaDatacenter())
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
                        .build())
                .build();
        execute(
                "CREATE KEYSPACE IF NOT EXISTS %s WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"
                        .formatted(keyspace));
    }

    StackEndpoints stack() {
        return stack;
    }

    CqlSession cql() {
        return cql;
    }

    void execute(String statement) {
        cql.execute(statement);
    }

    TableId id(String name) {
        return new TableId(keyspace, name);
    }

    TableId create(String name, String columns) {
        return create(name, columns, "{'enabled': true}");
    }

    TableId create(String name, String columns, String cdc) {
        TableId table = id(name);
        execute("CREATE TABLE " + table + " (" + columns + ") WITH cdc = " + cdc);
        return table;
    }

    /** Inserts rows of a table (id bigint PRIMARY KEY, v text). */
    void insert(TableId table, long from, long until) {
        PreparedStatement insert = cql.prepare("INSERT INTO " + table + " (id, v) VALUES (?, ?)");
        List<CompletionStage<AsyncResultSet>> pending = new ArrayList<>();
        for (long id = from; id < until; id++) {
            pending.add(cql.executeAsync(insert.bind(id, "value " + id)));
            if (pending.size() == IN_FLIGHT || id == until - 1) {
                pending.forEach(p -> p.toCompletableFuture().join());
                pending.clear();
            }
        }
    }

    static void awaitCount(Published published, int count) {
        await().atMost(PATIENCE).until(() -> published.reached(count));
    }

    @Override
    public void close() {
        cql.close();
    }
}
