package io.github.scyllapgcdc.pipeline;

import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * A step for a test's copy of a route file that holds a batch at one point of the route, so that a process can be killed or
 * frozen exactly there. A batch of watermarks and checkpoints alone goes on.
 */
enum Hold {
    /** The log was read; nothing of it is in Kafka. */
    BEFORE_PRODUCE(8, "        - to:\n            uri: kafka-source:", false),
    /** All is in Kafka; the transaction is open. */
    BEFORE_KAFKA_COMMIT(8, "              transactionalId: .*\n", true),
    /** The batch has come from Kafka; its transaction in Postgres has not begun. */
    BEFORE_TRANSACTION(20, "                    - to:\n                        uri: direct:apply\n", false),
    /** Rows and offsets are written; the transaction in Postgres is open. */
    IN_TRANSACTION(14, "                  uri: postgres-sink:dataSource\n", true),
    /** Rows and offsets are committed; Kafka's own offsets are not. */
    BEFORE_OFFSETS(8, "        - bean:\n            ref: sinkOffsets\n", false);

    /** The shared route file that the sink's points are in; the source's are in the file of the table. */
    static final String SINK_FILE = "postgres-sink.camel.yaml";

    private static final int MORE_THAN_CHECKPOINTS = 20;

    private final int indent;
    private final String at;
    private final boolean after;

    Hold(int indent, String at, boolean after) {
        this.indent = indent;
        this.at = at;
        this.after = after;
    }

    boolean ofSource() {
        return this == BEFORE_PRODUCE || this == BEFORE_KAFKA_COMMIT;
    }

    /** Puts the step into the text of a route file. */
    UnaryOperator<String> lasting(Duration time) {
        String step =
                """
                - choice:
                    when:
                      - simple: "${body.size} > %d"
                        steps:
                          - log: "%s"
                          - delay:
                              constant: "%d"
                              asyncDelayed: "false"
                """.formatted(MORE_THAN_CHECKPOINTS, said(), time.toMillis()).indent(indent);
        String quoted = step.replace("\\", "\\\\").replace("$", "\\$");
        return route -> {
            String held = route.replaceFirst(at, after ? "$0" + quoted : quoted + "$0");
            if (held.equals(route)) {
                throw new IllegalStateException("no place for " + this + " in\n" + route);
            }
            return held;
        };
    }

    /** What is in the process's log once a batch is held. */
    String said() {
        return "holding a batch " + name();
    }
}
