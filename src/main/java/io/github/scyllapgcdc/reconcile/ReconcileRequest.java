package io.github.scyllapgcdc.reconcile;

import io.github.scyllapgcdc.event.TableId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What a run is to do.
 *
 * @param id names the run
 * @param since for {@link Mode#INCREMENTAL}: from when on; null otherwise
 * @param percent for {@link Mode#SAMPLE}: how much of the table, above 0 up to 100; 100 otherwise
 * @param repair whether rows that are missing or differ are asked for
 * @param deleteExtra whether rows that only Postgres has are asked for as well, which deletes them
 * @param dryRun whether it is only said what would be repaired
 * @param restart whether a run that was cut short is left behind rather than taken up again
 */
public record ReconcileRequest(
        UUID id,
        TableId table,
        Mode mode,
        Instant since,
        double percent,
        boolean repair,
        boolean deleteExtra,
        boolean dryRun,
        boolean restart) {
    private static final double ALL = 100;
    private static final Set<String> NAMES =
            Set.of("table", "mode", "since", "percent", "repair", "deleteExtra", "dryRun", "restart");

    /**
     * Reads a request as JSON and routes have it.
     *
     * @param given {@code table}, {@code mode} (full where it is not given), {@code since} (an instant, or how long ago, as
     *     {@code 15m}, {@code 2h} or {@code 3d}), {@code percent}, {@code repair}, {@code deleteExtra}, {@code dryRun}, {@code
     *     restart}
     * @throws IllegalArgumentException if it is no request, with the name, the value and what is expected
     */
    public static ReconcileRequest of(Map<String, Object> given, Instant now) {
        for (String name : given.keySet()) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(
                        name + " is not known here: expected " + String.join(", ", new TreeSet<>(NAMES)));
            }
        }
        if (text(given, "table").isEmpty()) {
            throw new IllegalArgumentException("table is missing: expected <keyspace>.<table>");
        }
        Mode mode = mode(text(given, "mode"));
        boolean repair = flag(given, "repair");
        boolean deleteExtra = flag(given, "deleteExtra");
        if (deleteExtra && !repair) {
            throw new IllegalArgumentException("deleteExtra=true is refused without repair=true");
        }
        return new ReconcileRequest(
                UUID.randomUUID(),
                TableId.parse(text(given, "table")),
                mode,
                since(mode, text(given, "since"), now),
                percent(mode, text(given, "percent")),
                repair,
                deleteExtra,
                flag(given, "dryRun"),
                flag(given, "restart"));
    }

    private static String text(Map<String, Object> given, String name) {
        Object value = given.get(name);
        return value == null ? "" : value.toString().strip();
    }

    private static boolean flag(Map<String, Object> given, String name) {
        return switch (text(given, name).toLowerCase(Locale.ROOT)) {
            case "", "false" -> false;
            case "true" -> true;
            default -> throw refused(name, text(given, name), "true or false");
        };
    }

    private static Mode mode(String text) {
        if (text.isEmpty()) {
            return Mode.FULL;
        }
        return Arrays.stream(Mode.values())
                .filter(mode -> mode.text().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> refused("mode", text, "full, incremental or sample"));
    }

    private static Instant since(Mode mode, String text, Instant now) {
        String expected = "an instant as 2026-01-31T08:00:00Z, or how long ago, as 15m, 2h or 3d";
        if (mode != Mode.INCREMENTAL) {
            if (!text.isEmpty()) {
                throw refused("since", text, "nothing, for mode " + mode.text());
            }
            return null;
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("since is missing: mode incremental needs " + expected);
        }
        Instant since;
        try {
            since = text.matches("\\d{1,9}[smhdSMHD]")
                    ? now.minus(ago(text.toUpperCase(Locale.ROOT)))
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw refused("since", text, expected);
        }
        if (!since.isBefore(now)) {
            throw refused("since", text, "a time before now, " + now);
        }
        return since;
    }

    private static Duration ago(String text) {
        return Duration.parse(text.endsWith("D") ? "P" + text : "PT" + text);
    }

    private static double percent(Mode mode, String text) {
        if (mode != Mode.SAMPLE) {
            if (!text.isEmpty()) {
                throw refused("percent", text, "nothing, for mode " + mode.text());
            }
            return ALL;
        }
        double percent;
        try {
            percent = text.isEmpty() ? 1 : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw refused("percent", text, "a number above 0 and up to 100");
        }
        if (!(percent > 0 && percent <= ALL)) {
            throw refused("percent", text, "a number above 0 and up to 100");
        }
        return percent;
    }

    private static IllegalArgumentException refused(String name, String value, String expected) {
        return new IllegalArgumentException(name + "=" + value + " is refused: expected " + expected);
    }
}
