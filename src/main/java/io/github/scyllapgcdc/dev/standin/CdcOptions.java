package io.github.scyllapgcdc.dev.standin;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The option {@code cdc = {…}} of a table, in the two forms it has in Scylla: CQL text, and the bytes of the schema extension
 * {@code cdc} that drivers read.
 *
 * @param preimage what a row held before a write, logged with the write
 * @param postimage whether all that a row holds after a write is logged with it
 * @param keysOnly whether the log leaves out what was written ({@code 'delta': 'keys'})
 * @param ttlSeconds how long log rows live; 0 means for ever
 */
record CdcOptions(boolean enabled, Preimage preimage, boolean postimage, boolean keysOnly, int ttlSeconds) {
    /** Which columns a preimage carries. */
    enum Preimage {
        NONE("false"),
        /** Those that the write touches; all of them when it deletes the row. */
        TOUCHED("true"),
        ALL("full");

        private final String text;

        Preimage(String text) {
            this.text = text;
        }
    }

    static final String EXTENSION = "cdc";

    private static final Set<String> NAMES = Set.of("enabled", "preimage", "postimage", "delta", "ttl");
    private static final Pattern ENTRY = Pattern.compile("\\G\\s*'(\\w+)'\\s*:\\s*(?:'([^']*)'|([\\w.-]+))\\s*(?:,|$)");
    private static final CdcOptions DISABLED = parse("");

    /**
     * Reads the CQL map literal, without its braces. An option that it does not name has its default, also in ALTER TABLE.
     *
     * @throws IllegalArgumentException saying which option is wrong
     */
    static CdcOptions parse(String entries) {
        Map<String, String> options = new HashMap<>();
        Matcher matcher = ENTRY.matcher(entries);
        int end = 0;
        while (matcher.find()) {
            String value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
            options.put(matcher.group(1).toLowerCase(Locale.ROOT), value.toLowerCase(Locale.ROOT));
            end = matcher.end();
        }
        if (!entries.substring(end).isBlank()) {
            throw new IllegalArgumentException(
                    "cdc: cannot read '" + entries.substring(end).strip() + "'");
        }
        for (String name : options.keySet()) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("Invalid CDC option: " + name);
            }
        }
        return of(options);
    }

    private static CdcOptions of(Map<String, String> options) {
        return new CdcOptions(
                bool("enabled", options),
                switch (options.getOrDefault("preimage", "false")) {
                    case "full" -> Preimage.ALL;
                    default -> bool("preimage", options) ? Preimage.TOUCHED : Preimage.NONE;
                },
                bool("postimage", options),
                switch (options.getOrDefault("delta", "full")) {
                    case "full" -> false;
                    case "keys" -> true;
                    default -> throw invalid("delta", options.get("delta") + " (full or keys)");
                },
                ttl(options.getOrDefault("ttl", "86400")));
    }

    private static boolean bool(String name, Map<String, String> options) {
        return switch (options.getOrDefault(name, "false")) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw invalid(name, options.get(name));
        };
    }

    private static int ttl(String value) {
        try {
            int seconds = Integer.parseInt(value);
            if (seconds >= 0) {
                return seconds;
            }
        } catch (NumberFormatException notANumber) {
            // answered below, as a negative one is
        }
        throw invalid("ttl", value + " (seconds, 0 = for ever)");
    }

    private static IllegalArgumentException invalid(String name, String value) {
        return new IllegalArgumentException("Invalid value for CDC option \"" + name + "\": " + value);
    }

    boolean hasImages() {
        return preimage != Preimage.NONE || postimage;
    }

    /** The extension's bytes: little-endian, a count, then the length and the text of each key and value, keys sorted. */
    ByteBuffer toExtension() {
        Map<String, String> options = new TreeMap<>(Map.of(
                "enabled", Boolean.toString(enabled),
                "preimage", preimage.text,
                "postimage", Boolean.toString(postimage),
                "delta", keysOnly ? "keys" : "full",
                "ttl", Integer.toString(ttlSeconds)));
        ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(options.size());
        options.forEach((key, value) -> {
            putText(bytes, key);
            putText(bytes, value);
        });
        return bytes.flip().order(ByteOrder.BIG_ENDIAN);
    }

    /** Reads what {@link #toExtension} wrote; null (no extension) is CDC that was never enabled. */
    static CdcOptions fromExtension(ByteBuffer extension) {
        if (extension == null) {
            return DISABLED;
        }
        ByteBuffer bytes = extension.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        Map<String, String> options = new HashMap<>();
        for (int left = bytes.getInt(); left > 0; left--) {
            String key = text(bytes);
            options.put(key, text(bytes));
        }
        return of(options);
    }

    private static void putText(ByteBuffer bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.putInt(utf8.length).put(utf8);
    }

    private static String text(ByteBuffer bytes) {
        byte[] utf8 = new byte[bytes.getInt()];
        bytes.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
