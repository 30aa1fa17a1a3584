package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.Locale;

/**
 * How far a run is, on standard error: a bar on a terminal, else a line every five seconds. The libraries for bars count for
 * themselves; here the application says how much, how fast and how long.
 */
final class ReconcileProgress implements AutoCloseable {
    private static final int WIDTH = 24;
    private static final long LINE_NANOS = 5_000_000_000L;
    private static final String CLEAR = "\r\033[K";

    /** Where and how it is shown. */
    enum Style {
        BAR,
        LINES,
        NONE
    }

    private final Style style;
    private final PrintStream out;
    private long lastLine = System.nanoTime();
    private boolean open = true;

    ReconcileProgress(Style style, PrintStream out) {
        this.style = style;
        this.out = out;
    }

    /** @param quiet whether there is to be nothing */
    static ReconcileProgress of(boolean quiet) {
        boolean terminal = Boolean.getBoolean("cdc.terminal.errors");
        return new ReconcileProgress(quiet ? Style.NONE : terminal ? Style.BAR : Style.LINES, System.err);
    }

    /** Says which run it is where that is not what was asked for. */
    synchronized void began(JsonNode run) {
        if (run.path("resumed").asBoolean()) {
            say("goes on with run " + run.path("id").asText() + " ("
                    + run.path("mode").asText() + ") of "
                    + run.path("startedAt").asText() + ", which was cut short; --restart begins anew");
        }
    }

    synchronized void show(JsonNode run) {
        if (!open || style == Style.NONE) {
            return;
        }
        if (style == Style.BAR) {
            out.print(CLEAR + bar(run.path("progress").asDouble()) + " " + line(run));
            out.flush();
        } else if (System.nanoTime() - lastLine >= LINE_NANOS) {
            lastLine = System.nanoTime();
            out.println(line(run));
        }
    }

    /** One line besides the progress. */
    synchronized void say(String line) {
        if (style != Style.NONE) {
            out.println((style == Style.BAR ? CLEAR : "") + line);
        }
    }

    static String bar(double progress) {
        int done = (int) Math.round(Math.max(0, Math.min(1, progress)) * WIDTH);
        return "[" + "#".repeat(done) + ".".repeat(WIDTH - done) + "]";
    }

    static String line(JsonNode run) {
        long rows = Math.max(
                run.path("scyllaRows").asLong(), run.path("postgresRows").asLong());
        long left = run.path("secondsLeft").asLong(-1);
        return String.format(
                Locale.ROOT,
                "%3.0f%% %s, %,d rows, %,d rows/s%s",
                Math.floor(run.path("progress").asDouble() * 100),
                run.path("phase").asText(),
                rows,
                run.path("rowsPerSecond").asLong(),
                left < 0 ? "" : ", " + time(left) + " left");
    }

    /** "42 s", "3 min 5 s" or "2 h 10 min". */
    static String time(long seconds) {
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }

    @Override
    public synchronized void close() {
        if (open && style == Style.BAR) {
            out.print(CLEAR);
            out.flush();
        }
        open = false;
    }
}
