package io.github.scyllapgcdc.ops;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.github.scyllapgcdc.config.ScyllaConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Asks ScyllaDB for one row of its own, through the pipeline's session, which says itself what no waiting can help: a refused
 * login or an unknown data center.
 */
final class ScyllaCheck implements Server.Check {
    private static final SimpleStatement QUERY = SimpleStatement.builder("SELECT key FROM system.local")
            .setTimeout(Duration.ofSeconds(5))
            .build();

    private final ScyllaConfig config;
    private final Supplier<CqlSession> session;

    ScyllaCheck(ScyllaConfig config, Supplier<CqlSession> session) {
        this.config = config;
        this.session = session;
    }

    @Override
    public void run() throws IOException {
        Listening.requireOne(config.contactPoints());
        try {
            session.get().execute(QUERY);
        } catch (AllNodesFailedException e) {
            Throwable first = e.getAllErrors().values().stream()
                    .flatMap(List::stream)
                    .findFirst()
                    .orElse(e);
            throw new IOException(Failures.line(first), e);
        }
    }
}
