package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.scyllapgcdc.dev.StackEndpoints;
import io.github.scyllapgcdc.dev.TestStack;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresSinkIT {
    private static StackEndpoints stack;

    @TempDir
    Path dir;

    @BeforeAll
    static void start() {
        stack = TestStack.get().endpoints();
    }

    @Test
    void insertArrives() throws Exception {
        Events users = Events.users("sinkone.users");
        try (EventTopic topic = new EventTopic(stack, "sinkone.users").create();
                SinkApplication application = SinkApplication.start(stack, dir, List.of(topic.name()), Map.of())) {
            topic.send(users.insert(List.of(1L), Map.of("email", "a@example.com", "created_at", 1700000000000L)));
            topic.flush();
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .untilAsserted(() ->
                            assertThat(query("SELECT email FROM sinkone.users")).isEqualTo("a@example.com"));
            System.out.println(application.status(topic.name()).detail()
                    + application.status(topic.name()).figures());
        }
    }

    private static String query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(stack.postgresJdbcUrl());
                ResultSet result = connection.createStatement().executeQuery(sql)) {
            return result.next() ? result.getString(1) : null;
        }
    }
}
