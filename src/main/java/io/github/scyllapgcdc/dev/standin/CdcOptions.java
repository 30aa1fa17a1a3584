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
 * @param ttlSeconds how long log rows live; 0 means for ever
 */
record CdcOptions(boolean enabled, int ttlSeconds) {
    static final String EXTENSION = "cdc";

    private static final int DEFAULT_TTL_SECONDS = 86_400;
    /** The only values of the options that this stand-in does not emulate. */
    private static final Map<String, String> DEFAULTS =
            Map.of("preimage", "false", "postimage", "false", "delta", "full");

    private static final Set<String> NAMES = Set.of("enabled", "preimage", "postimage", "delta", "ttl");
    private static final Pattern ENTRY = Pattern.compile("\\G\\s*'(\\w+)'\\s*:\\s*(?:'([^']*)'|([\\w.-]+))\\s*(?:,|$)");

    /**
     * Reads the CQL map literal, without its braces.
     *
     * @throws IllegalArgumentException saying which option is wrong, or is not emulated
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
        DEFAULTS.forEach((name, value) -> {
            if (!options.getOrDefault(name, value).equals(value)) {
                throw new IllegalArgumentException("The Scylla stand-in does not emulate cdc option '" + name + "': "
                        + options.get(name) + ". Leave it out (" + value + "), or use a real ScyllaDB");
            }
        });
        return new CdcOptions(bool(options.getOrDefault("enabled", "false")), ttl(options));
    }

    private static boolean bool(String value) {
        return switch (value) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new IllegalArgumentException("Invalid value for CDC option \"enabled\": " + value);
        };
    }

    private static int ttl(Map<String, String> options) {
        String value = options.getOrDefault("ttl", Integer.toString(DEFAULT_TTL_SECONDS));
        try {
            int seconds = Integer.parseInt(value);
            if (seconds >= 0) {
                return seconds;
            }
        } catch (NumberFormatException notANumber) {
            // answered below, as a negative one is
        }
        throw new IllegalArgumentException(
                "Invalid value for CDC option \"ttl\": " + value + " (seconds, 0 = for ever)");
    }

    /** The extension's bytes: little-endian, a count, then the length and the text of each key and value, keys sorted. */
    ByteBuffer toExtension() {
        Map<String, String> options = new TreeMap<>(DEFAULTS);
        options.put("enabled", Boolean.toString(enabled));
        options.put("ttl", Integer.toString(ttlSeconds));
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
            return new CdcOptions(false, DEFAULT_TTL_SECONDS);
        }
        ByteBuffer bytes = extension.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        Map<String, String> options = new HashMap<>();
        for (int left = bytes.getInt(); left > 0; left--) {
            String key = text(bytes);
            options.put(key, text(bytes));
        }
        return new CdcOptions(bool(options.get("enabled")), ttl(options));
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
