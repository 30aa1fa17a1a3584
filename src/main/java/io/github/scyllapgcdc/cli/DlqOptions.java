package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which dead letters are meant, as the commands that take several have it. */
final class DlqOptions {
    @Option(names = "--table", paramLabel = "KEYSPACE.TABLE", description = "Those of one table.")
    private String table;

    @Option(
            names = "--error",
            paramLabel = "TEXT",
            description = "Those whose error has this in its text or its class name, upper or lower case, or has"
                    + " exactly this SQLSTATE.")
    private String error;

    @Option(
            names = "--state",
            paramLabel = "pending|replayed",
            description = "Those that were not replayed since they were written, or those that were.")
    private String state;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "dlq-postgres-sink or dlq-scylla-source alone.")
    private String topic;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many, the oldest first.")
    private String limit;

    /** As the application takes them; null where not given. */
    Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("table", table);
        values.put("error", error);
        values.put("state", state);
        values.put("topic", topic);
        values.put("limit", limit);
        return values;
    }

    /** "1 dead letter", "2 dead letters". */
    static String count(JsonNode number) {
        return number.asInt() == 1 ? "1 dead letter" : number.asInt() + " dead letters";
    }
}
