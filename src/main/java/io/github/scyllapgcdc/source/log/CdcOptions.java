package io.github.scyllapgcdc.source.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A table's {@code cdc} option, which Scylla keeps as a schema extension: a little-endian count, then for each entry the
 * length and bytes of its name and its value, all of them text.
 */
record CdcOptions(Map<String, String> entries) {

    /**
     * Reads the extension.
     *
     * @throws IllegalArgumentException if the bytes are not in that form
     */
    static CdcOptions parse(ByteBuffer extension) {
        ByteBuffer bytes = extension.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        try {
            int count = bytes.getInt();
            Map<String, String> entries = new HashMap<>();
            for (int i = 0; i < count; i++) {
                String name = text(bytes);
                entries.put(name, text(bytes));
            }
            return new CdcOptions(Map.copyOf(entries));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the table's cdc option is not in the form that Scylla writes", e);
        }
    }

    private static String text(ByteBuffer bytes) {
        byte[] text = new byte[bytes.getInt()];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    boolean enabled() {
        return "true".equals(entries.getOrDefault("enabled", "true"));
    }

    /** Whether the log holds the written values, or only ({@code 'delta': 'keys'}) the keys. */
    boolean fullDelta() {
        return !"keys".equals(entries.get("delta"));
    }

    /** Whether the log holds, behind a mutation's changes, the rows as they are afterwards. */
    boolean postimage() {
        return "true".equals(entries.get("postimage"));
    }

    /** How long the log keeps a change; empty: for ever. */
    Optional<Duration> ttl() {
        long seconds = Long.parseLong(entries.getOrDefault("ttl", "86400"));
        return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }
}
