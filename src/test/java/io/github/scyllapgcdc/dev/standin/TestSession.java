package io.github.scyllapgcdc.dev.standin;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import io.github.scyllapgcdc.dev.StackEndpoints;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A session that a busy machine does not time out, and that does not read the schema after each change of it, for which the
 * driver waits a second.
 */
final class TestSession {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TestSession() {}

    static CqlSession open(StackEndpoints endpoints) {
        return CqlSession.builder()
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, PATIENCE)
                        .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, PATIENCE)
                        .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, PATIENCE)
                        .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                        .build())
                .addContactPoint(new InetSocketAddress(endpoints.scyllaHost(), endpoints.scyllaPort()))
                .withLocalDatacenter(endpoints.scyllaDatacenter())
                .build();
    }
}
