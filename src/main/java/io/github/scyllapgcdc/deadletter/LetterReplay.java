package io.github.scyllapgcdc.deadletter;

import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventFormatException;
import io.github.scyllapgcdc.refresh.RefreshRequest;
import io.github.scyllapgcdc.registry.RegistryException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One replay of some letters. What makes a letter's row right is in Kafka, or in Postgres, before the letter is marked: a letter
 * that was replayed and not marked is replayed again, which does no harm. Belongs to one thread.
 */
final class LetterReplay {
    static final String REFRESH = "refresh";
    static final String RAW = "raw";

    private static final int BATCH_LETTERS = 500;
    private static final int BATCH_BYTES = 4 << 20;

    private final boolean raw;
    private final EventCodec codec;
    private final RefreshQueue refreshes;
    private final RecordReplay records;
    private final LetterWriter writer;
    private final List<StoredLetter> batch = new ArrayList<>();
    private final List<RefreshRequest> requests = new ArrayList<>();
    private final Set<Row> keys = new HashSet<>();
    private final List<Failure> failures = new ArrayList<>();
    private int bytes;
    private int replayed;

    private record Row(String topic, ByteBuffer key) {}

    /** A letter that was not replayed, and why. */
    record Failure(String id, String reason) {}

    /** @param raw apply the records themselves rather than ask for their keys */
    LetterReplay(boolean raw, EventCodec codec, RefreshQueue refreshes, RecordReplay records, LetterWriter writer) {
        this.raw = raw;
        this.codec = codec;
        this.refreshes = refreshes;
        this.records = records;
        this.writer = writer;
    }

    /** Replays a letter, at once or with the next ones. */
    void add(StoredLetter letter) {
        try {
            if (raw) {
                apply(letter);
            } else {
                ask(letter);
            }
        } catch (ReplayRefusedException e) {
            failures.add(new Failure(letter.id(), e.getMessage()));
            return;
        }
        batch.add(letter);
        bytes += letter.value().length;
        if (raw || batch.size() >= BATCH_LETTERS || bytes >= BATCH_BYTES) {
            finish();
        }
    }

    /** Sends and marks what was added so far. */
    void finish() {
        if (batch.isEmpty()) {
            return;
        }
        if (!requests.isEmpty()) {
            refreshes.send(requests);
        }
        writer.mark(batch, raw ? RAW : REFRESH, Instant.now());
        replayed += batch.size();
        batch.clear();
        requests.clear();
        keys.clear();
        bytes = 0;
    }

    int replayed() {
        return replayed;
    }

    List<Failure> failures() {
        return failures;
    }

    private void ask(StoredLetter letter) {
        String topic = letter.table().orElseThrow(() -> cannotBeAskedFor("the letter names no table", null));
        Optional<byte[]> key = letter.bytes(DeadLetterHeaders.KEY);
        if (key.isEmpty()) {
            throw cannotBeAskedFor("the letter has no key", null);
        }
        try {
            codec.decodeKey(key.get());
        } catch (EventFormatException e) {
            throw cannotBeAskedFor(e.getMessage(), e);
        } catch (RegistryException e) {
            if (e.isRetryable()) {
                throw e;
            }
            throw cannotBeAskedFor(e.getMessage(), e);
        }
        if (keys.add(new Row(topic, ByteBuffer.wrap(key.get())))) { // several changes of one row are one request
            requests.add(new RefreshRequest(topic, key.get(), "dead letter " + letter.id()));
        }
    }

    private static ReplayRefusedException cannotBeAskedFor(String why, Exception cause) {
        return new ReplayRefusedException("its row cannot be asked for: " + why, cause);
    }

    private void apply(StoredLetter letter) {
        if (!letter.ofRecord()) {
            throw new ReplayRefusedException(
                    "it is of a change that was never published, so there is no record to apply: leave out --raw");
        }
        OriginalRecord record = letter.original()
                .orElseThrow(() -> new ReplayRefusedException("the letter does not say which record it is of"));
        String topicId = letter.text(DeadLetterHeaders.TOPIC_ID)
                .orElseThrow(() -> new ReplayRefusedException(
                        "the letter does not say the topic's id, so it may be of a topic that is gone"));
        String group = letter.text(DeadLetterHeaders.CONSUMER_GROUP)
                .orElseThrow(() -> new ReplayRefusedException("the letter does not say who could not apply it"));
        records.apply(record, topicId, group);
    }
}
