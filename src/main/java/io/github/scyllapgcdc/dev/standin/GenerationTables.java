package io.github.scyllapgcdc.dev.standin;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.cassandra.cql3.QueryProcessor;
import org.apache.cassandra.cql3.UntypedResultSet;

/** The system tables in which a reader finds the CDC generation and its streams. */
final class GenerationTables {
    private static final List<String> TABLES = List.of("""
            CREATE TABLE IF NOT EXISTS system_distributed.cdc_generation_timestamps (
              key text, time timestamp, expired timestamp, PRIMARY KEY (key, time)
            ) WITH CLUSTERING ORDER BY (time DESC)""", """
            CREATE TABLE IF NOT EXISTS system_distributed.cdc_streams_descriptions_v2 (
              time timestamp, range_end bigint, streams frozen<set<blob>>, PRIMARY KEY (time, range_end))""");

    private GenerationTables() {}

    /** Creates the tables and writes {@code generation} unless it is there. */
    static void publish(StreamGeneration generation) {
        TABLES.forEach(QueryProcessor::executeOnceInternal);
        // a literal, because a bound timestamp would have to be a java.util.Date
        long start = generation.startMillis();
        UntypedResultSet published = QueryProcessor.executeOnceInternal(
                "SELECT time FROM system_distributed.cdc_generation_timestamps WHERE key = 'timestamps' AND time = "
                        + start);
        if (!published.isEmpty()) {
            return;
        }
        for (StreamGeneration.Vnode vnode : generation.vnodes()) {
            Set<ByteBuffer> streams = new HashSet<>(vnode.streams());
            QueryProcessor.executeOnceInternal(
                    "INSERT INTO system_distributed.cdc_streams_descriptions_v2 (time, range_end, streams) VALUES ("
                            + start + ", ?, ?)",
                    vnode.rangeEnd(),
                    streams);
        }
        QueryProcessor.executeOnceInternal(
                "INSERT INTO system_distributed.cdc_generation_timestamps (key, time) VALUES ('timestamps', " + start
                        + ")");
    }
}
