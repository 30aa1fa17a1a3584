package io.github.scyllapgcdc.reconcile;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.scyllapgcdc.event.EventColumn;
import io.github.scyllapgcdc.schema.KeyJson;
import io.github.scyllapgcdc.schema.ValueText;
import java.util.List;
import java.util.Optional;

/**
 * Keys as {@code jsonb} keeps them. Keys that only one of the two databases can hold are kept as people read them, marked as {@code
 * "@exact": false}, and can't be read back.
 */
final class KeyText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EXACT = "@exact";

    private final List<EventColumn> columns;
    private final TableForm form;
    private final KeyJson exact;

    KeyText(TableForm form) {
        this.columns = form.schema().keyColumns();
        this.form = form;
        this.exact = new KeyJson(columns);
    }

    String of(Object[] key) {
        return form.inPostgres(key) ? exact.write(key) : inexact(key);
    }

    private String inexact(Object[] key) {
        ObjectNode text = JSON.createObjectNode();
        for (int i = 0; i < key.length; i++) {
            text.put(
                    columns.get(i).name(),
                    ValueText.of(columns.get(i).type(), key[i]).replace("\0", "\\0"));
        }
        return text.put(EXACT, false).toString();
    }

    /** The key of what was kept; empty if it can't be read back, also because the key's columns were other ones then. */
    Optional<Object[]> read(String kept) {
        if (kept.contains('"' + EXACT + '"')) {
            return Optional.empty();
        }
        try {
            return Optional.of(exact.read(kept));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
