package io.github.scyllapgcdc.source.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers the rows of pages into whole mutations. A mutation whose last row is not in a page goes on in its unit's next one.
 * Belongs to one thread.
 */
public final class Mutations {
    private final Map<ReadUnit, Mutation> open = new HashMap<>();

    /**
     * The mutations that end in a page, in the log's order.
     *
     * @param readMillis now, milliseconds since 1970
     */
    public List<Mutation> of(LogPage page, LogDecoder decoder, long readMillis) {
        List<Mutation> whole = new ArrayList<>(page.size());
        Mutation current = open.remove(page.unit());
        for (LogRow row : page.rows()) {
            decoder.read(row);
            if (current != null && !current.continuedBy(decoder)) {
                whole.add(current.complete());
                current = null;
            }
            if (current == null) {
                current = new Mutation(decoder);
            }
            current.take(decoder, readMillis);
            if (decoder.endOfBatch()) {
                whole.add(current.complete());
                current = null;
            }
        }
        if (current != null && page.last()) { // its last row is older than the log keeps, or was never written
            whole.add(current.complete());
        } else if (current != null) {
            open.put(page.unit(), current);
        }
        return whole;
    }
}
