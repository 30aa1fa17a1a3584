package io.github.scyllapgcdc.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Runs and differences as people read them. */
final class ReconcileText {
    private static final int VALUE_WIDTH = 40;

    private ReconcileText() {}

    /**
     * Differences as a table, a line for each column that differs.
     *
     * @param run what they were found by, or the empty text if it found none
     */
    static String differences(JsonNode differences, JsonNode run) {
        if (differences.isEmpty()) {
            return "";
        }
        TextTable table = TextTable.of("key", "type", "column", "ScyllaDB", "PostgreSQL", "repair");
        for (JsonNode difference : differences) {
            List<String> first = List.of(
                    key(difference.path("primaryKey")), difference.path("type").asText());
            String repair = difference.path("repair").asText();
            List<Map.Entry<String, JsonNode>> columns =
                    new ArrayList<>(difference.path("columns").properties());
            if (columns.isEmpty()) {
                table.add(List.of(first.get(0), first.get(1), "", "", "", repair.equals("none") ? "" : repair));
            }
            for (int i = 0; i < columns.size(); i++) {
                JsonNode values = columns.get(i).getValue();
                table.add(List.of(
                        i == 0 ? first.get(0) : "",
                        i == 0 ? first.get(1) : "",
                        columns.get(i).getKey(),
                        value(values.path("scylla")),
                        value(values.path("postgres")),
                        i > 0 || repair.equals("none") ? "" : repair));
            }
        }
        long found = found(run);
        String more = found > differences.size()
                ? "(" + differences.size() + " of " + number(found) + " differences; --log-json prints all that are"
                        + " logged, and so does cdc_metadata.reconciliation_log)\n"
                : "(" + (found == 1 ? "1 difference" : found + " differences") + ")\n";
        return table.render(false) + more + "\n";
    }

    /** How a run ended: its figures, and what that means. */
    static String summary(JsonNode run) {
        TextTable table = runTable("table", "mode");
        table.add(cells(run, run.path("table").asText(), run.path("mode").asText()));
        return table.render(false) + verdict(run) + "\n";
    }

    /** The latest runs. */
    static String runs(JsonNode runs) {
        TextTable table = runTable("run", "table", "mode", "state", "began");
        for (JsonNode run : runs) {
            table.add(cells(
                    run,
                    run.path("id").asText(),
                    run.path("table").asText(),
                    run.path("mode").asText(),
                    run.path("state").asText(),
                    run.path("startedAt").asText()));
        }
        return runs.isEmpty() ? "(no runs)\n" : table.render();
    }

    private static TextTable runTable(String... texts) {
        List<String> figures = List.of(
                "ScyllaDB rows",
                "PostgreSQL rows",
                "missing",
                "mismatch",
                "extra",
                "undetermined",
                "repaired",
                "left",
                "time");
        List<String> headings = new ArrayList<>(List.of(texts));
        headings.addAll(figures);
        return new TextTable(headings, headings.stream().map(figures::contains).toList());
    }

    private static List<String> cells(JsonNode run, String... texts) {
        List<String> cells = new ArrayList<>(List.of(texts));
        for (String figure : List.of(
                "scyllaRows", "postgresRows", "missing", "mismatch", "extra", "undetermined", "repaired", "left")) {
            cells.add(number(run.path(figure).asLong()));
        }
        cells.add(
                run.path("finishedAt").isTextual()
                        ? ReconcileProgress.time(Duration.between(
                                        Instant.parse(run.path("startedAt").asText()),
                                        Instant.parse(run.path("finishedAt").asText()))
                                .toSeconds())
                        : "");
        return cells;
    }

    private static String verdict(JsonNode run) {
        String table = run.path("table").asText();
        String what = run.path("mode").asText().equals("full") ? table : "what was compared of " + table;
        long undetermined = run.path("undetermined").asLong();
        String unsaid = undetermined == 0
                ? ""
                : "; of " + number(undetermined) + (undetermined == 1 ? " row" : " rows")
                        + " nothing can be said, since they changed each time they were looked at";
        long left = run.path("left").asLong();
        return switch (run.path("state").asText()) {
            case "equal" -> what + " is equal" + unsaid;
            case "different" ->
                number(left) + (left == 1 ? " difference is" : " differences are") + " left in " + what + unsaid;
            case "failed" -> "the run failed: " + run.path("error").asText();
            default ->
                "the run was stopped; the next run of the table goes on where it was, unless it is given --restart";
        };
    }

    private static long found(JsonNode run) {
        return run.path("missing").asLong()
                + run.path("mismatch").asLong()
                + run.path("extra").asLong();
    }

    private static String key(JsonNode columns) {
        StringJoiner key = new StringJoiner(", ");
        columns.properties().forEach(column -> key.add(column.getKey() + "=" + value(column.getValue())));
        return key.toString();
    }

    private static String value(JsonNode value) {
        String text = value.isValueNode() ? value.asText() : value.toString();
        return text.codePointCount(0, text.length()) <= VALUE_WIDTH
                ? text
                : text.substring(0, text.offsetByCodePoints(0, VALUE_WIDTH - 1)) + "…";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
