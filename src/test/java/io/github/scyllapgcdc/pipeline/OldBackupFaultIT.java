package io.github.scyllapgcdc.pipeline;

import io.github.scyllapgcdc.event.TableId;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Postgres is restored from a backup that is older than what Kafka keeps: only a new load mends that, and it comes by itself. */
class OldBackupFaultIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    @Test
    void aTableWhoseChangesAreGoneIsLoadedAgain() throws Exception {
        try (PipelineFixture fixture = new PipelineFixture("old_backup");
                PipelineApp app = PipelineApp.start("old-backup", Map.of("SINK_ON_GAP", "reload"))) {
            // Given a table that is replicated
            TableId table = fixture.table("things", "p int, c int, v text, s text static, PRIMARY KEY (p, c)");
            for (int i = 0; i < 500; i++) {
                fixture.cql("INSERT INTO " + table + " (p, c, v, s) VALUES (?, ?, 'one', 's')", i % 50, i);
            }
            app.deploy(table);
            fixture.awaitSame(table, LONG);

            // When Postgres is as it was long ago, with rows that are gone since and without others, and Kafka has
            // nothing of
            // what came in between
            app.kill();
            for (int i = 0; i < 100; i++) {
                fixture.cql("DELETE FROM " + table + " WHERE p = ? AND c = ?", i % 50, i);
                fixture.cql("UPDATE " + table + " SET v = 'two' WHERE p = ? AND c = ?", (i + 200) % 50, i + 200);
            }
            try (Statement statement = fixture.postgres().createStatement()) {
                statement.execute("DELETE FROM " + table + " WHERE c >= 400");
                statement.execute("UPDATE " + table + " SET v = 'old' WHERE c < 300");
                statement.execute("UPDATE cdc_metadata.sink_offsets SET next_offset = 0 WHERE topic = '" + table + "'");
            }
            deleteRecords(fixture, table);
            app.restart();

            // Then both are equal again
            fixture.awaitSame(table, LONG);
        }
    }

    private static void deleteRecords(PipelineFixture fixture, TableId table) throws Exception {
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", fixture.endpoints().kafkaBootstrap()))) {
            int partitions = admin.describeTopics(List.of(table.topic()))
                    .allTopicNames()
                    .get()
                    .get(table.topic())
                    .partitions()
                    .size();
            Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
            for (int p = 0; p < partitions; p++) {
                all.put(new TopicPartition(table.topic(), p), RecordsToDelete.beforeOffset(-1)); // -1: the end
            }
            admin.deleteRecords(all).all().get();
        }
    }
}
