package io.github.scyllapgcdc.dev;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import io.github.scyllapgcdc.dev.standin.StandInCommand;
import java.net.InetSocketAddress;
import java.time.Duration;

/** The keyspace and the table of the quickstart, which every embedded stack has from the start. */
final class ScyllaSeed {
    private static final String KEYSPACE = "ecommerce";
    private static final String TABLE = "users";

    private ScyllaSeed() {}

    /** Creates what is missing, and so also shows that the server answers in its own protocol. */
    static void plant(InetSocketAddress address, String datacenter, boolean passwords) {
        CqlSessionBuilder builder = CqlSession.builder();
        if (passwords) {
            builder.withAuthCredentials(StandInCommand.SUPERUSER, StandInCommand.SUPERUSER);
        }
        try (CqlSession session = builder.addContactPoint(address)
                .withLocalDatacenter(datacenter)
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(20))
                        .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Duration.ofSeconds(10))
                        .withInt(DefaultDriverOption.NETTY_IO_SIZE, 1)
                        .withInt(DefaultDriverOption.NETTY_ADMIN_SIZE, 1)
                        .build())
                .build()) {
            if (session.getMetadata().getKeyspace(KEYSPACE).isEmpty()) {
                session.execute("CREATE KEYSPACE " + KEYSPACE
                        + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
            }
            boolean present = session.getMetadata()
                    .getKeyspace(KEYSPACE)
                    .flatMap(keyspace -> keyspace.getTable(TABLE))
                    .isPresent();
            if (!present) {
                session.execute("CREATE TABLE " + KEYSPACE + "." + TABLE + " (user_id bigint PRIMARY KEY, email text,"
                        + " name text, created_at timestamp, updated_at timestamp) WITH cdc = {'enabled': true}");
            }
        }
    }
}
