package io.github.scyllapgcdc.deadletter;

import java.util.HashMap;
import java.util.Map;

/**
 * Which records of a partition are its letters: of those with the same key the last one, unless that is a tombstone.
 * Compaction would leave the same, but it comes when it comes. Holds keys and offsets alone, so it stays small whatever the
 * letters are.
 */
final class LetterIndex {
    private final Map<String, Long> offsets = new HashMap<>();

    /** Takes in the next record. */
    void add(String id, long offset, boolean tombstone) {
        if (tombstone) {
            offsets.remove(id);
        } else {
            offsets.put(id, offset);
        }
    }

    /** Whether a record that was added is the letter with this id. */
    boolean holds(String id, long offset) {
        Long latest = offsets.get(id);
        return latest != null && latest == offset;
    }

    /** How many letters there are. */
    int size() {
        return offsets.size();
    }
}
