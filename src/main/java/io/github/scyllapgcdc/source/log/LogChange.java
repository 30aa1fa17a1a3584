package io.github.scyllapgcdc.source.log;

import io.github.scyllapgcdc.event.ChangeEvent;
import io.github.scyllapgcdc.event.Range;
import io.github.scyllapgcdc.event.SourcePosition;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;

/** What one row of the log says. */
public sealed interface LogChange {

    /**
     * A change to publish.
     *
     * @param event the change
     * @param partitionKey the partition key columns as CQL serialises them, in order
     * @param lists what has to be read from the table before the event is whole, or null if nothing
     */
    record Change(ChangeEvent event, List<ByteBuffer> partitionKey, Lists lists) implements LogChange {

        /** A change that is whole. */
        public Change(ChangeEvent event, List<ByteBuffer> partitionKey) {
            this(event, partitionKey, null);
        }
    }

    /**
     * Lists of which the log tells only which cells were written, not where in the list they are.
     *
     * @param columns indices of the value columns
     * @param key the key columns as CQL serialises them; null where not set
     */
    record Lists(BitSet columns, List<ByteBuffer> key) {}

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

    /** What is no change by itself, but may be part of one that other rows of the mutation make. */
    sealed interface Part extends LogChange {}

    /** A pre- or postimage that repeats what the table held. */
    record Image() implements Part {
        static final Image INSTANCE = new Image();
    }

    /**
     * The postimage of a row whose change is logged without its values.
     *
     * @param key the key columns' bytes, null where not set
     * @param values in the order of the event's value columns
     */
    @SuppressWarnings("ArrayRecordComponent") // becomes the values of an event, and nothing compares it
    record Postimage(List<ByteBuffer> key, Object[] values) implements Part {}

    /**
     * A change that is logged without its values.
     *
     * @param change whose event has no values yet
     * @param key the key columns' bytes, null where not set
     */
    record KeyOnly(Change change, List<ByteBuffer> key) implements Part {}

    /**
     * The start or the end of a deleted range.
     *
     * @param operation {@code cdc$operation}'s code
     * @param bound null if nothing bounds the range on this side
     * @param key the key columns' bytes, null where not set
     * @param source where the row stands
     */
    record RangeEnd(int operation, Range.Bound bound, List<ByteBuffer> key, SourcePosition source) implements Part {
        boolean isStart() {
            return operation == LogOperation.RANGE_START_INCLUSIVE || operation == LogOperation.RANGE_START_EXCLUSIVE;
        }

        Undecodable without(String otherEnd) {
            return new Undecodable(
                    source.changeId(), operation, key, "the range's " + otherEnd + " is missing from the log");
        }
    }
}
