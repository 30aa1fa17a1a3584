package io.github.scyllapgcdc.dev.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.github.scyllapgcdc.dev.EmbeddedStack;
import io.github.scyllapgcdc.dev.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of the stand-in's data after kill -9. */
class ScyllaStandInFaultIT {
    private static final int ROUNDS = 2;
    private static final int WRITERS = 8;

    @Test
    void losesNothingAcknowledgedAndLogsEachWriteOnce(@TempDir Path dir) throws Exception {
        Set<Long> acknowledged = ConcurrentHashMap.newKeySet();
        Random random = new Random();
        try (EmbeddedStack stack = EmbeddedStack.builder(dir)
                .servers(EnumSet.of(Server.SCYLLA))
                .build()
                .start()) {
            String streams = "";
            for (int round = 0; round < ROUNDS; round++) {
                int least = acknowledged.size() + 200 + random.nextInt(1000);
                try (CqlSession session = TestSession.open(stack.endpoints())) {
                    if (round == 0) {
                        create(session);
                        streams = streams(session);
                    }
                    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
                    List<Future<?>> running = new ArrayList<>();
                    for (int writer = 0; writer < WRITERS; writer++) {
                        long first = (round * WRITERS + writer) * 1_000_000L;
                        running.add(writers.submit(() -> writeUntilItFails(session, first, acknowledged)));
                    }

                    await().atMost(Duration.ofMinutes(1)).until(() -> acknowledged.size() >= least);
                    stack.server(Server.SCYLLA).kill();
                    for (Future<?> writer : running) {
                        writer.get();
                    }
                    writers.shutdown();
                }
                stack.server(Server.SCYLLA).restart();

                try (CqlSession session = TestSession.open(stack.endpoints())) {
                    List<Long> base = ids(session, "SELECT id FROM kill.t");
                    List<Long> log = ids(session, "SELECT id FROM kill.t_scylla_cdc_log");
                    assertThat(base).as("round %d", round).containsAll(acknowledged);
                    assertThat(log).as("round %d", round).doesNotHaveDuplicates();
                    assertThat(log).as("round %d", round).containsExactlyInAnyOrderElementsOf(base);
                    List<Long> withImages = ids(session, "SELECT id FROM kill.with_images");
                    assertThat(withImages).as("round %d", round).containsAll(acknowledged);
                    assertThat(
                                    ids(
                                            session,
                                            "SELECT id FROM kill.with_images_scylla_cdc_log"
                                                    + " WHERE \"cdc$operation\" = 2 AND \"cdc$batch_seq_no\" = 0 ALLOW FILTERING"))
                            .as("inserts in the log of the table with images, round %d", round)
                            .doesNotHaveDuplicates()
                            .containsExactlyInAnyOrderElementsOf(withImages);
                    assertThat(streams(session)).isEqualTo(streams);
                }
            }
        }
    }

    private static void create(CqlSession session) {
        session.execute("CREATE KEYSPACE kill WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        session.execute("CREATE TABLE kill.t (id bigint PRIMARY KEY, a text) WITH cdc = {'enabled': true}");
        session.execute("CREATE TABLE kill.with_images (id bigint PRIMARY KEY, a text)"
                + " WITH cdc = {'enabled': true, 'preimage': true, 'postimage': true}");
    }

    private static void writeUntilItFails(CqlSession session, long first, Set<Long> acknowledged) {
        PreparedStatement insert = session.prepare("INSERT INTO kill.t (id, a) VALUES (?, 'a value of some length')");
        PreparedStatement withImages =
                session.prepare("INSERT INTO kill.with_images (id, a) VALUES (?, 'a value of some length')");
        try {
            for (long id = first; ; id++) {
                session.execute(insert.bind(id));
                session.execute(withImages.bind(id));
                acknowledged.add(id);
            }
        } catch (DriverException killed) {
            // the end of this round
        }
    }

    private static List<Long> ids(CqlSession session, String select) {
        return session.execute(select).all().stream().map(row -> row.getLong(0)).toList();
    }

    private static String streams(CqlSession session) {
        return session.execute("SELECT * FROM system_distributed.cdc_streams_descriptions_v2").all().stream()
                .map(Row::getFormattedContents)
                .collect(Collectors.joining("\n"));
    }
}
