package io.github.scyllapgcdc.source.log;

import io.github.scyllapgcdc.event.ChangeEvent;
import java.nio.ByteBuffer;
import java.util.List;

/** What one row of the log says. */
public sealed interface LogChange {

    /**
     * A change to publish.
     *
     * @param event the change
     * @param partitionKey the partition key columns as CQL serialises them, in order
     */
    record Change(ChangeEvent event, List<ByteBuffer> partitionKey) implements LogChange {}

    /** A pre- or postimage: it repeats what the table held and is no change. */
    record Image() implements LogChange {
        static final Image INSTANCE = new Image();
    }

    /**
     * A change that can't be published as an event.
     *
     * @param changeId which change
     * @param operation {@code cdc$operation}'s code
     * @param key the key columns' bytes, null where not set
     * @param reason why, for people
     */
    record Undecodable(String changeId, int operation, List<ByteBuffer> key, String reason) implements LogChange {
        /** The operation's name, for people. */
        public String operationName() {
            return LogOperation.name(operation);
        }
    }
}
