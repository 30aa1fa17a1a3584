package io.github.scyllapgcdc.dev.standin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.apache.cassandra.service.CassandraDaemon;

/**
 * Starts the Scylla stand-in, which is Apache Cassandra with a CDC plug-in and not ScyllaDB, in this JVM. It listens on the
 * loopback address only, asks for credentials only when told to, and keeps all it has in its data directory, which survives {@code kill -9}.
 */
public final class ScyllaStandIn {
    private static final int PLAIN = 4;
    private static final int WITH_TLS = 7;

    private ScyllaStandIn() {}

    /**
     * {@code <data dir> <native port> <storage port> <passwords> [<key store> <trust store> <their password>]}; prints {@code READY} once CQL is served and the
     * generation is written.
     */
    public static void main(String[] args) throws IOException {
        if (args.length != PLAIN && args.length != WITH_TLS) {
            System.err.println("usage: ScyllaStandIn <data dir> <native port> <storage port> <passwords: true or false>"
                    + " [<key store> <trust store> <their password>]");
            System.exit(2);
        }
        Path dataDir = Files.createDirectories(Path.of(args[0]).toAbsolutePath());
        StreamGeneration generation =
                StreamGeneration.loadOrCreate(dataDir.resolve("cdc_generation"), RandomGenerator.getDefault());
        CassandraConfig.apply(
                dataDir,
                Integer.parseInt(args[1]),
                Integer.parseInt(args[2]),
                Boolean.parseBoolean(args[3]),
                args.length == PLAIN ? "" : CassandraConfig.tls(args[4], args[5], args[6]));
        CommitLogTail.repair(dataDir.resolve(CassandraConfig.COMMIT_LOG));
        StreamGeneration.use(generation);
        new CassandraDaemon(true) {
            @Override
            public void start() {
                ReplayedLog.complete();
                super.start();
            }
        }.activate();
        GenerationTables.publish(generation);
        System.out.println(StandInCommand.READY);
    }
}
