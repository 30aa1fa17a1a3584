package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.dev.TestStack;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresDataSourceIT {

    @Test
    void aServerThatFallsSilentIsNotWaitedForWithoutEnd() throws Exception {
        CdcConfig config = CdcConfig.of(Settings.of(Map.of(
                "postgres.url", TestStack.get().endpoints().postgresJdbcUrl(), "sink.max.poll.interval.ms", "20000")));
        try (HikariDataSource pool = PostgresDataSource.create(config.postgres(), config.sink());
                Connection connection = pool.getConnection()) {
            assertThat(connection.getNetworkTimeout())
                    .as("milliseconds that an answer is waited for: statements end after 10 s")
                    .isEqualTo(12_000);
        }
    }
}
