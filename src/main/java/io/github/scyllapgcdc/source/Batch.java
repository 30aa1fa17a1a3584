package io.github.scyllapgcdc.source;

import io.github.scyllapgcdc.metrics.Tally;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Message;

/** The records of one Kafka transaction, as they gather. Belongs to one thread. */
final class Batch {
    private final int mostChanges;
    private final long mostBytes;
    private List<Message> messages = new ArrayList<>();
    private Tally tally = new Tally();
    private int changes;
    private int deadLetters;
    private long bytes;

    Batch(int mostChanges, long mostBytes) {
        this.mostChanges = mostChanges;
        this.mostBytes = mostBytes;
    }

    void add(Outgoing outgoing) {
        messages.add(outgoing.message());
        bytes += outgoing.bytes();
        if (outgoing.operation().isEmpty()) {
            deadLetters++;
        } else {
            changes++;
            tally.add(outgoing.operation().get(), outgoing.bytes());
        }
    }

    /** Adds what is no change. */
    void addCheckpoint(Message checkpoint) {
        messages.add(checkpoint);
    }

    boolean full() {
        return messages.size() >= mostChanges || bytes >= mostBytes;
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    int changes() {
        return changes;
    }

    /** The changes by operation. */
    Tally tally() {
        return tally;
    }

    int deadLetters() {
        return deadLetters;
    }

    /** The records, which are no longer the batch's: it is empty after this. */
    List<Message> take() {
        List<Message> taken = messages;
        messages = new ArrayList<>(taken.size());
        tally = new Tally();
        changes = 0;
        deadLetters = 0;
        bytes = 0;
        return taken;
    }
}
